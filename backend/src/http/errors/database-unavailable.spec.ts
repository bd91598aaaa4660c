import { isDatabaseUnavailable } from './database-unavailable.ts';

const withCode = (code: unknown, message = 'x') => Object.assign(new Error(message), { code });

it.each(['08006', '28P01', '53300', '57P01', '57P03', '58030', '25006', '3D000', 'XX000'])(
  'PostgreSQL’s %s means “not now”',
  (code) => {
    expect(isDatabaseUnavailable(withCode(code))).toBe(true);
  },
);

it.each([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
])('%s means that the way to it is cut', (code) => {
  expect(isDatabaseUnavailable(withCode(code))).toBe(true);
});

it.each([
  'Connection terminated',
  'Connection terminated due to connection timeout',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Query read timeout',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'Cannot use a pool after calling end on the pool',
  'Connection ended unexpectedly',
])('pg’s own “%s” means it too, however it is wrapped', (message) => {
  expect(isDatabaseUnavailable(new Error(message))).toBe(true);
  expect(
    isDatabaseUnavailable(new Error('wrapped', { cause: new AggregateError([new Error('x'), new Error(message)]) })),
  ).toBe(true);
  // A name of a row or a column may read like it.
  expect(isDatabaseUnavailable(new Error(`duplicate: ${message}`))).toBe(false);
});

it.each([
  'timeout expired for the lock',
  'timeout exceeded when trying to connect twice',
  'Query read timeout of a row',
])('“%s” says something else', (message) => {
  expect(isDatabaseUnavailable(new Error(message))).toBe(false);
});

it.each(['23505', '57014', '25001', '3D001', '42P01', 'EACCES', '0800', '080060', 'XX', 8006, undefined])(
  'the code %j is nothing of the kind',
  (code) => {
    expect(isDatabaseUnavailable(withCode(code))).toBe(false);
  },
);

it('what is no error says nothing', () => {
  expect([
    isDatabaseUnavailable(undefined),
    isDatabaseUnavailable('ECONNREFUSED'),
    isDatabaseUnavailable({ code: '08006' }),
  ]).toEqual([false, false, false]);
});
