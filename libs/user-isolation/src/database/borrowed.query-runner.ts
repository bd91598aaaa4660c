import type { QueryRunner } from 'typeorm';

/**
 * A proxy of a shared transaction's query runner whose `release()` does nothing: code that asked TypeORM for a runner
 * also releases it, but only the code that opened the transaction may end it.
 */
export function borrow(runner: QueryRunner): QueryRunner {
  const own = new Map<PropertyKey, unknown>([['release', () => Promise.resolve()]]);
  return new Proxy(runner, {
    get: (target, property, receiver): unknown =>
      own.has(property) ? own.get(property) : Reflect.get(target, property, receiver),
    set: (target, property, value) => {
      if (property === 'manager') own.set(property, value);
      else Reflect.set(target, property, value);
      return true;
    },
  });
}
