import { ValidateBy, type ValidationOptions } from 'class-validator';

/**
 * A string of `min` to `max` characters that says something: not only white space. Counts Unicode code points, as
 * PostgreSQL and JSON Schema do (class-validator's own `@Length` leaves variation selectors out).
 *
 * @example @IsText(1, 200) title!: string;
 */
export function IsText(min: number, max: number, options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isText',
      validator: {
        validate: (value: unknown) =>
          typeof value === 'string' && lengthWithin(value, min, max) && (min === 0 || /\S/u.test(value)),
        defaultMessage: () => textRule(min, max),
      },
    },
    options,
  );
}

/** What is said of a text that is refused. */
export function textRule(min: number, max: number): string {
  return min === 0
    ? `must be a string of at most ${max} characters`
    : `must be a string of ${min} to ${max} characters, not only white space`;
}

function lengthWithin(value: string, min: number, max: number): boolean {
  // UTF-16 units bound code points from above and, halved, from below: long strings are not spread.
  if (value.length < min || value.length > max * 2) return false;
  const { length } = Array.from(value);
  return length >= min && length <= max;
}
