import { ValidateBy, type ValidationOptions } from 'class-validator';

const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** Whether a value is an RFC 3339 date-time of a day that exists, years 0001 to 9999 in UTC. */
export function isDateTime(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const match = DATE_TIME.exec(value);
  if (!match) return false;
  const time = Date.parse(value);
  if (Number.isNaN(time)) return false;
  // Date rolls 30 February over into March: the day must be one of its month.
  const lastDay = new Date(Date.UTC(Number(match[1]), Number(match[2]), 0)).getUTCDate();
  const year = new Date(time).getUTCFullYear();
  return Number(match[3]) <= lastDay && year >= 1 && year <= 9999;
}

/** An RFC 3339 date-time such as `2030-01-31T09:30:00Z`. */
export function IsDateTime(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isDateTime',
      validator: { validate: isDateTime, defaultMessage: () => 'must be a date-time such as 2030-01-31T09:30:00Z' },
    },
    options,
  );
}
