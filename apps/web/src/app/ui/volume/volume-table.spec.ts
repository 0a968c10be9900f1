import { TestBed } from '@angular/core/testing';
import { VolumeTable } from './volume-table';

describe('VolumeTable', () => {
  it('has the same figures as the chart, newest first, and says what is not read', async () => {
    const at = Date.UTC(2026, 10, 19, 17);
    const row = (i: number, change = {}) => ({
      from: at + i * 3_600_000,
      to: at + (i + 1) * 3_600_000,
      cut: false,
      waiting: false,
      missing: false,
      posts: 1_000 + i,
      retweets: 20,
      replies: 3,
      quotes: 1,
      ...change,
    });
    const fixture = TestBed.createComponent(VolumeTable);
    fixture.componentRef.setInput('rows', [
      row(0, { waiting: true }),
      row(1),
      row(2, { cut: true }),
      row(3, { missing: true }),
      row(4, { missing: true, posts: 0 }),
      row(5, { gap: 'part' }),
      row(6, { gap: 'part', posts: 0 }),
      row(7, { gap: 'whole', posts: 0 }),
    ]);
    fixture.componentRef.setInput('timeZone', 'UTC');
    fixture.componentRef.setInput('label', 'Posts per hour');
    await fixture.whenStable();
    const lines = Array.from((fixture.nativeElement as HTMLElement).querySelectorAll('tbody tr'), (tr) =>
      Array.from(tr.querySelectorAll('td'), (td) => td.textContent.replace(/\s+/g, ' ').trim()),
    );
    expect(lines).toEqual([
      ['Fri 20 Nov, 00:00', 'not captured'],
      ['Thu 19 Nov, 23:00 not all captured', '0', '20', '3', '1'],
      ['Thu 19 Nov, 22:00 not all captured', '1,005', '20', '3', '1'],
      ['Thu 19 Nov, 21:00', 'missing'],
      ['Thu 19 Nov, 20:00 posts are missing', '1,003', '20', '3', '1'],
      ['Thu 19 Nov, 19:00 not a whole bucket', '1,002', '20', '3', '1'],
      ['Thu 19 Nov, 18:00', '1,001', '20', '3', '1'],
      ['Thu 19 Nov, 17:00', 'not read yet'],
    ]);
  });
});
