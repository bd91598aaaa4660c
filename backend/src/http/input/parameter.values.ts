import { isDateTime } from './date-time.validator.ts';

/** As people write numbers: no exponent, no hexadecimal, no white space. */
const NUMBER = /^-?\d+(?:\.\d+)?$/;
const BOOLEANS: ReadonlyMap<unknown, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/** A value that was converted, or why it can't be. */
export type Converted = { readonly value: unknown } | { readonly refused: string };

/**
 * Turns the text of a query or path parameter into the type it was declared with.
 *
 * @param type `Number`, `Boolean`, `String` or `Date`
 * @example convertText('5', Number) // { value: 5 }
 */
export function convertText(given: unknown, type: unknown): Converted {
  if (given === undefined) return { value: undefined };
  if (Array.isArray(given)) return { refused: 'must be given once' };
  if (type === Number) return orRefuse(toNumber(given), 'must be a number such as 20');
  if (type === Boolean) return orRefuse(BOOLEANS.get(given), 'must be true or false');
  if (type === Date)
    return orRefuse(
      isDateTime(given) ? new Date(given) : undefined,
      'must be a date-time such as 2030-01-31T09:30:00Z',
    );
  return { value: given };
}

/** JSON has types of its own: a part of a body has the declared one, and nothing is converted. */
export function checkPart(given: unknown, type: unknown): Converted {
  if (given === undefined) return { value: undefined };
  if (type === Number) return orRefuse(typeof given === 'number' ? given : undefined, 'must be a number');
  if (type === Boolean) return orRefuse(typeof given === 'boolean' ? given : undefined, 'must be true or false');
  if (type === String) return orRefuse(typeof given === 'string' ? given : undefined, 'must be a string');
  return { value: given };
}

/**
 * Converts what class-transformer left as text, by the declared types of a DTO's properties: numbers, booleans, and
 * one value where an array is declared. Rules of the property's own (`@Type`, `@Transform`) come first.
 *
 * @param sent The parameters as they came
 */
export function convertProperties(dto: object, sent: object): void {
  for (const name of Object.keys(dto)) {
    const value: unknown = Reflect.get(dto, name);
    const raw: unknown = Reflect.get(sent, name);
    if (typeof raw !== 'string' || value === undefined || value === null) continue;
    const type: unknown = Reflect.getMetadata('design:type', dto, name);
    // `Boolean('false')`, which `@Type(() => Boolean)` means, is true.
    if (type === Boolean) Reflect.set(dto, name, BOOLEANS.get(raw) ?? value);
    else if (type === Number && typeof value === 'string') Reflect.set(dto, name, toNumber(value) ?? value);
    else if (type === Array && !Array.isArray(value)) Reflect.set(dto, name, [value]);
  }
}

function toNumber(given: unknown): number | undefined {
  if (typeof given !== 'string' || !NUMBER.test(given)) return undefined;
  const number = Number(given);
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : undefined;
}

function orRefuse(value: unknown, refused: string): Converted {
  return value === undefined ? { refused } : { value };
}
