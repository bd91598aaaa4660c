import type { GuardedRequest } from '../auth.types.ts';

export type Bag = Readonly<Record<string, unknown>>;

/** Any object's properties; none of what isn't an object. */
export function bag(value: unknown): Bag {
  return typeof value === 'object' && value !== null ? (value as Bag) : {};
}

export function isRequest(value: unknown): value is GuardedRequest {
  const { headers } = bag(value);
  return typeof headers === 'object' && headers !== null;
}
