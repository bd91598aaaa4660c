const DAY_MS = 86_400_000;

const two = (value: number) => String(value).padStart(2, '0');

/** The day of an instant by this machine's calendar, `2030-01-31`. */
export function dayOf(date: Date): string {
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Days of the calendar have no time zone: both ends are taken at noon in Greenwich, where no clock is changed. */
const noonOf = (day: string) => new Date(`${day}T12:00:00Z`);

/** Whole days from one day to another; negative when it is past. */
export function daysUntil(day: string, today: string): number {
  return Math.round((noonOf(day).getTime() - noonOf(today).getTime()) / DAY_MS);
}

/**
 * A day in words: "Today", "Tomorrow", "Friday", "3 Mar", "3 Mar 2031".
 *
 * @param locale The browser's when it isn't given.
 */
export function dueLabel(day: string, today: string, locale?: string): string {
  const days = daysUntil(day, today);
  if (days === 0) return 'Today';
  if (days === 1) return 'Tomorrow';
  if (days === -1) return 'Yesterday';
  const format = (options: Intl.DateTimeFormatOptions) =>
    noonOf(day).toLocaleDateString(locale, { timeZone: 'UTC', ...options });
  if (days > 1 && days < 7) return format({ weekday: 'long' });
  return format({
    day: 'numeric',
    month: 'short',
    ...(day.slice(0, 4) === today.slice(0, 4) ? {} : { year: 'numeric' }),
  });
}

/**
 * How long ago, in words: "just now", "5 minutes ago", "3 Mar 2030".
 * @param locale The browser's when it isn't given.
 */
export function agoLabel(iso: string, now: Date, locale?: string): string {
  const seconds = Math.round((now.getTime() - new Date(iso).getTime()) / 1000);
  if (seconds < 60) return 'just now';
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  if (seconds < 3_600) return format.format(-Math.round(seconds / 60), 'minute');
  if (seconds < 86_400) return format.format(-Math.round(seconds / 3_600), 'hour');
  if (seconds < 7 * 86_400) return format.format(-Math.round(seconds / 86_400), 'day');
  return new Date(iso).toLocaleDateString(locale, { day: 'numeric', month: 'short', year: 'numeric' });
}
