import {
  abbreviated,
  ageText,
  byteText,
  clockTime,
  compact,
  countOf,
  dateAndTime,
  dateWithYear,
  durationText,
  intervalText,
  lengthText,
  shortIntervalText,
  timeZoneText,
  wholeNumber,
} from './format';

describe('numbers', () => {
  it('are grouped from four digits on', () => {
    expect(wholeNumber(1_412)).toBe('1,412');
    expect(wholeNumber(999)).toBe('999');
    expect(wholeNumber(38_955.4)).toBe('38,955');
  });
  it('are short where there is no room', () => {
    expect(compact(999_999)).toBe('999,999');
    expect(compact(61_512_345)).toBe('61.5 M');
    expect(abbreviated(876)).toBe('876');
    expect(abbreviated(1_592)).toBe('1.6k');
    expect(abbreviated(0.5)).toBe('0.5');
  });
  it('agree with their noun', () => {
    expect(countOf(1, 'post')).toBe('1 post');
    expect(countOf(0, 'post')).toBe('0 posts');
    expect(countOf(2, 'reply', 'replies')).toBe('2 replies');
  });
});

describe('times', () => {
  const at = Date.UTC(2026, 10, 16, 23, 32, 7);
  it('are those of the zone, by a 24-hour clock', () => {
    expect(dateAndTime(at, 'UTC')).toBe('Mon 16 Nov, 23:32');
    expect(dateAndTime(at, 'Asia/Tokyo')).toBe('Tue 17 Nov, 08:32');
    expect(clockTime(Date.UTC(2026, 0, 1), 'UTC')).toBe('00:00');
    expect(intervalText(at, at + 86_400_000, 'UTC', at)).toBe('Mon 16 Nov, 23:32 – Tue 17 Nov, 23:32');
    expect(shortIntervalText(at, at + 86_400_000, 'UTC', at)).toBe('16 Nov 23:32 – 17 Nov 23:32');
  });
  it('say the year where it is not this one', () => {
    const later = Date.UTC(2027, 0, 1);
    expect(intervalText(at, at + 86_400_000, 'UTC', later)).toBe('Mon 16 Nov 2026, 23:32 – Tue 17 Nov 2026, 23:32');
    expect(intervalText(at, later, 'UTC', later)).toBe('Mon 16 Nov 2026, 23:32 – Fri 1 Jan 2027, 00:00');
    expect(shortIntervalText(at, later, 'UTC', later)).toBe('16 Nov 2026, 23:32 – 1 Jan 2027, 00:00');
    expect(dateWithYear(at, 'UTC')).toBe('Mon 16 Nov 2026');
  });
  it('name the zone', () => {
    expect(timeZoneText('America/New_York')).toBe('New York time');
    expect(timeZoneText('Etc/UTC')).toBe('UTC');
  });
  it('say how long something took or is ago', () => {
    expect(durationText(420)).toBe('420 ms');
    expect(durationText(3_800)).toBe('3.8 s');
    expect(durationText(180_000)).toBe('3 min');
    expect(durationText(190 * 3_600_000)).toBe('8 days');
    expect(ageText(at, at + 14_000)).toBe('14 s');
    expect(ageText(at, at - 5_000)).toBe('0 s');
    expect(ageText(at, at + 3 * 3_600_000)).toBe('3 h');
  });
});

describe('byteText', () => {
  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1_536, '1.5 KiB'],
    [10 * 1024 ** 3, '10 GiB'],
    [5_000 * 1024 ** 4, '5,000 TiB'],
  ])('%i is %s', (bytes, text) => {
    expect(byteText(bytes)).toBe(text);
  });
});

describe('lengthText', () => {
  it.each([
    [400, '400 ms'],
    [45_000, '45 s'],
    [19 * 60_000, '19 min'],
    [60 * 60_000, '1 h'],
    [150 * 60_000, '2 h 30 min'],
    [1_440 * 60_000, '1 d'],
    [76 * 3_600_000, '3 d 4 h'],
  ])('%i ms is %s', (ms, text) => {
    expect(lengthText(ms)).toBe(text);
  });
});
