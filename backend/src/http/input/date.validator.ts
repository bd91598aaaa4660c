import { ValidateBy, type ValidationOptions } from 'class-validator';
import { isDateTime } from './date-time.validator.ts';

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Whether a value is an RFC 3339 full-date that exists, years 0001 to 9999. */
export function isDate(value: unknown): value is string {
  return typeof value === 'string' && DATE.test(value) && isDateTime(`${value}T00:00:00Z`);
}

/** A day such as `2030-01-31`, without time or zone. */
export function IsDate(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isDate',
      validator: { validate: isDate, defaultMessage: () => 'must be a date that exists, such as 2030-01-31' },
    },
    options,
  );
}
