import { ValidateBy, type ValidationArguments } from 'class-validator';
import { isDateTime } from '../http/input/date-time.validator.ts';
import { isDate } from '../http/input/date.validator.ts';
import { IfGiven } from '../http/input/if-given.decorator.ts';

const DAY_MS = 86_400_000;

/** The day of an instant in UTC, `2030-01-31`. */
export function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}

/** Noon of a day in UTC: the same day in every time zone from twelve hours west of Greenwich to twelve east. */
export function noonOf(day: string): string {
  return `${day}T12:00:00Z`;
}

/**
 * Where a day begins in UTC, for comparisons in PostgreSQL.
 *
 * @param later Days to add.
 */
export function startOf(day: string, later = 0): string {
  const start = new Date(Date.parse(`${day}T00:00:00Z`) + later * DAY_MS);
  // PostgreSQL reads no year of five digits with a sign.
  return start.getUTCFullYear() > 9_999 ? 'infinity' : start.toISOString();
}

/** A day or null. Beside a `dueAt`, both must mean the same. */
export function IsDueOn(): PropertyDecorator {
  const date = ValidateBy({
    name: 'isDueOn',
    validator: {
      validate: (value) => value === null || isDate(value),
      defaultMessage: () => 'must be a date that exists, such as 2030-01-31, or null',
    },
  });
  const agreement = ValidateBy({
    name: 'agreesWithDueAt',
    validator: {
      validate: (value: unknown, given?: ValidationArguments) =>
        agree(value, (given?.object as Partial<Record<string, unknown>> | undefined)?.['dueAt']),
      defaultMessage: () => 'must be the day of dueAt in UTC when both are given; give dueOn alone',
    },
  });
  return (target, property) => {
    for (const decorate of [IfGiven(), date, agreement]) decorate(target, property);
  };
}

/** Values that are wrong by themselves are named by their own rules. */
function agree(dueOn: unknown, dueAt: unknown): boolean {
  if (dueAt === undefined || (dueOn !== null && !isDate(dueOn)) || (dueAt !== null && !isDateTime(dueAt))) return true;
  return dueAt === null ? dueOn === null : dayOf(new Date(dueAt)) === dueOn;
}
