import { agoLabel, daysUntil, dueLabel, fromDateInput, toDateInput } from './dates.ts';

const now = new Date(2030, 2, 13, 15, 0); // a Wednesday
const at = (day: number, hour = 12) => new Date(2030, 2, day, hour).toISOString();

describe('due dates', () => {
  it.each([
    [at(13, 1), 'Today'],
    [at(13, 23), 'Today'],
    [at(14), 'Tomorrow'],
    [at(12), 'Yesterday'],
    [at(15), 'Friday'],
    [at(25), '25 Mar'],
    [at(2), '2 Mar'],
    [new Date(2031, 0, 5).toISOString(), '5 Jan 2031'],
  ])('%s is %s', (iso, label) => expect(dueLabel(iso, now)).toBe(label));

  it('counts calendar days, not hours', () => {
    expect(daysUntil(new Date(2030, 2, 14, 0, 1), new Date(2030, 2, 13, 23, 59))).toBe(1);
  });

  it('goes to an input and back to the end of that day', () => {
    expect(toDateInput(fromDateInput('2030-03-14'))).toBe('2030-03-14');
    expect(toDateInput(null)).toBe('');
    expect(fromDateInput('')).toBeNull();
    expect(fromDateInput('14.3.2030')).toBeNull();
  });
});

describe('agoLabel', () => {
  const ago = (seconds: number) => agoLabel(new Date(now.getTime() - seconds * 1000).toISOString(), now);
  it.each([
    [5, 'just now'],
    [300, '5 minutes ago'],
    [7_200, '2 hours ago'],
    [86_400, 'yesterday'],
    [30 * 86_400, '11 Feb 2030'],
  ])('%d seconds ago is "%s"', (seconds, label) => expect(ago(seconds)).toBe(label));
});
