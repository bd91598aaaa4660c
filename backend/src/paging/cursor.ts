import { createHmac, timingSafeEqual } from 'node:crypto';
import { validationProblem } from '../http/errors/problem.exception.ts';
import type { PageQuery } from './page.dto.ts';

/** Where a page ended: the sort value of its last row, as text, and that row's id. */
export interface Position {
  readonly value: string;
  readonly id: string;
}

/** Bytes of the MAC kept: 128 bits, 22 characters. */
const MAC_BYTES = 16;

/**
 * Makes and opens cursors. A cursor carries where the page ended and a MAC over that, the user and the query: one
 * that was altered, or taken to another user, filter or sort, is refused.
 */
export class CursorCodec {
  readonly #key: Buffer;

  /** @param secret Any of the application's secrets; the cursor's key is derived from it. */
  constructor(secret: string) {
    this.#key = createHmac('sha256', secret).update('session-guard/cursor').digest();
  }

  /** @param scope What the cursor is bound to: the user, the filters and the sort, in a fixed order. */
  encode(position: Position, scope: readonly unknown[]): string {
    const payload = Buffer.from(JSON.stringify([position.value, position.id])).toString('base64url');
    return `${payload}.${this.#mac(payload, scope).toString('base64url')}`;
  }

  /** @throws {ProblemException} 400 when the cursor is not one of ours for this scope. */
  decode(cursor: string, scope: readonly unknown[]): Position {
    const [payload = '', mac = ''] = cursor.split('.');
    const given = Buffer.from(mac, 'base64url');
    const expected = this.#mac(payload, scope);
    const genuine =
      given.length === expected.length && timingSafeEqual(given, expected) && given.toString('base64url') === mac;
    if (!genuine)
      throw validationProblem([
        { pointer: '/query/cursor', message: 'must be the nextCursor of a page of the same query' },
      ]);
    return toPosition(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  }

  #mac(payload: string, scope: readonly unknown[]): Buffer {
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([payload, ...scope]))
      .digest()
      .subarray(0, MAC_BYTES);
  }
}

/**
 * The filters of a list's query that were given, by name and in the order of their names: a cursor's scope that gains
 * each new filter by itself.
 */
export function filtersOf({ limit: _limit, cursor: _cursor, ...filters }: PageQuery): [string, unknown][] {
  return Object.entries(filters)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function toPosition(value: unknown): Position {
  if (!Array.isArray(value) || typeof value[0] !== 'string' || typeof value[1] !== 'string')
    throw new TypeError('A genuine cursor does not hold a position');
  return { value: value[0], id: value[1] };
}
