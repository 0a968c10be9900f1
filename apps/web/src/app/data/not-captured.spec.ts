import { notCapturedText, type Receipt, uncapturedSpans } from './not-captured';

const at = (time: string): string => `2026-11-${time}:00.000Z`;
type Gap = Receipt['gaps'][number];
const gap = (from: string, to: string, told: Partial<Gap> = {}): Gap => ({
  ...{ source: 'x-filtered', from: at(from), to: at(to), cause: 'STALLED', status: 'CLOSED', refilled: 0 },
  ...told,
});
const receipt = (gaps: Gap[], told: Partial<Receipt> = {}): Receipt => ({
  gaps,
  notCaptured: gaps.flatMap(({ from, to }) => (to === null ? [] : [{ from, to }])),
  missingEstimate: null,
  ...told,
});
const text = (gaps: Gap[], told: Partial<Receipt> = {}): string | null =>
  notCapturedText(receipt(gaps, told), 'Europe/Rome');

describe('what an answer lacks because it was not captured', () => {
  it('is nothing as a rule, nor where all came afterwards', () => {
    expect(text([])).toBeNull();
    expect(text([gap('21T01:10', '21T03:40', { status: 'REFILLED', refilled: 9 })], { notCaptured: [] })).toBeNull();
  });

  it('is said in one line, in the zone of the answer, with what it lacks about', () => {
    expect(text([gap('21T01:10', '21T03:40')], { missingEstimate: 1234 })).toBe(
      'Not captured: Sat 21 Nov, 02:10–04:40 (X, filtered stream, the connection stalled). About 1,200 posts missing, estimated.',
    );
    expect(text([gap('20T22:00', '21T03:40', { source: 'bluesky', cause: 'CRASHED' })])).toBe(
      'Not captured: Fri 20 Nov, 23:00 – Sat 21 Nov, 04:40 (Bluesky, capture crashed).',
    );
  });

  it('goes on, or was short', () => {
    expect(text([gap('21T01:10', '21T03:40', { status: 'OPEN', cause: 'REFUSED' })])).toContain(
      'since Sat 21 Nov, 02:10 (',
    );
    const short = gap('21T01:10', '21T01:10', { to: '2026-11-21T01:10:12.000Z' });
    expect(text([short])).toContain('12 s at Sat 21 Nov, 02:10');
  });

  it('names the first of many', () => {
    const gaps = ['01', '02', '03', '04', '05'].map((hour) => gap(`21T${hour}:00`, `21T${hour}:30`));
    expect(text(gaps)).toMatch(/^Not captured: Sat 21 Nov, 02:00–02:30 \(.*\), .*, .* and 2 more\.$/);
  });

  it('is apart from the times in which no source was switched on', () => {
    const notCaptured = [
      { from: at('19T12:00'), to: at('20T12:00') },
      { from: at('21T01:10'), to: at('21T03:40') },
    ];
    expect(text([gap('21T01:10', '21T03:40')], { notCaptured })).toContain(
      'No source was switched on: Thu 19 Nov, 13:00 – Fri 20 Nov, 13:00.',
    );
    expect(uncapturedSpans(receipt([], { notCaptured }))).toHaveLength(2);
    expect(uncapturedSpans(null)).toEqual([]);
  });
});
