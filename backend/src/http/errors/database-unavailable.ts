import { causes } from './database-failure.ts';

/** SQLSTATE classes and codes that say "not now", whatever the query was. */
const UNAVAILABLE = [
  '08', // connection exceptions
  '28', // the role was refused: the operator's to fix, not the caller's
  '53', // insufficient resources: connections, memory, disk
  '57P', // shutdown, crash, still starting
  '58', // system errors
  '25006', // read-only: a failover in progress
  '3D000', // the database is being restored
  'XX', // internal errors of the server
];

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
]);

/** pg reports its client-side limits as plain errors without a code. */
const CLIENT_SIDE = [
  /^Connection terminated/,
  /^timeout exceeded when trying to connect$/,
  /^timeout expired$/,
  /^Query read timeout$/,
  /^Client has encountered a connection error/,
  /^Client was closed and is not queryable/,
  /^Cannot use a pool after calling end/,
  /^Connection ended unexpectedly/,
];

/** Whether an error means that PostgreSQL is away, frozen or overloaded rather than that the query is wrong. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return causes(error).some((cause) => {
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
    if (
      code !== undefined &&
      (NETWORK.has(code) || (code.length === 5 && UNAVAILABLE.some((prefix) => code.startsWith(prefix))))
    )
      return true;
    return CLIENT_SIDE.some((pattern) => pattern.test(cause.message));
  });
}
