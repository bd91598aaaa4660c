import { agoLabel, dayOf, daysUntil, dueLabel } from './dates.ts';

const today = '2030-03-13'; // a Wednesday

describe('due days', () => {
  it.each([
    ['2030-03-13', 'Today'],
    ['2030-03-14', 'Tomorrow'],
    ['2030-03-12', 'Yesterday'],
    ['2030-03-15', 'Friday'],
    ['2030-03-25', '25 Mar'],
    ['2030-03-02', '2 Mar'],
    ['2031-01-05', '5 Jan 2031'],
  ])('%s is %s', (day, label) => expect(dueLabel(day, today, 'en-GB')).toBe(label));

  it('are written as the reader writes dates', () => {
    expect(dueLabel('2030-03-25', today, 'en-US')).toBe('Mar 25');
    expect(dueLabel('2030-03-25', today, 'de')).toBe('25. März');
  });

  it('are counted by the calendar, over changes of the clock and ends of years too', () => {
    expect(daysUntil('2030-04-01', '2030-03-30')).toBe(2);
    expect(daysUntil('2031-01-01', '2030-12-31')).toBe(1);
    expect(daysUntil('2030-03-01', '2030-02-28')).toBe(1);
  });

  it('turn over at midnight of the reader’s own clock', () => {
    expect(dayOf(new Date(2030, 2, 13, 23, 59, 59))).toBe('2030-03-13');
    expect(dayOf(new Date(2030, 2, 14, 0, 0, 0))).toBe('2030-03-14');
  });
});

describe('agoLabel', () => {
  const now = new Date(2030, 2, 13, 15, 0);
  const ago = (seconds: number) => agoLabel(new Date(now.getTime() - seconds * 1000).toISOString(), now, 'en-GB');
  it.each([
    [5, 'just now'],
    [300, '5 minutes ago'],
    [7_200, '2 hours ago'],
    [86_400, 'yesterday'],
    [30 * 86_400, '11 Feb 2030'],
  ])('%d seconds ago is "%s"', (seconds, label) => expect(ago(seconds)).toBe(label));
});
