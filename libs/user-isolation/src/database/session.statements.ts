import { ForbiddenStatementError } from '../isolation.error.ts';

const START = String.raw`^(?:\s|--[^\n]*\n|/\*[\s\S]*?\*/)*`;

/** Statements whose effect stays on the connection, with what to write instead. */
const LASTING: readonly (readonly [pattern: RegExp, what: string, instead: string])[] = [
  [
    new RegExp(String.raw`${START}(?:SET(?!\s+(?:LOCAL|TRANSACTION|CONSTRAINTS)\b)|RESET|DISCARD)\b`, 'i'),
    'SET',
    'In isolation.transaction(…), SET LOCAL holds until its end.',
  ],
  [
    /\bset_config\s*\([^)]*,\s*'?f(?:alse)?'?\s*\)/i,
    'set_config(…, false)',
    'Say true: the setting then ends with the transaction.',
  ],
  [
    new RegExp(String.raw`${START}(?:LISTEN|UNLISTEN|LOAD)\b`, 'i'),
    'LISTEN',
    'Listen on a connection of its own (pg.Client).',
  ],
  [
    new RegExp(String.raw`${START}DEALLOCATE\s+(?:PREPARE\s+)?ALL\b`, 'i'),
    'DEALLOCATE ALL',
    'Name the statement: others of the connection are in use.',
  ],
  [
    new RegExp(
      String.raw`${START}CREATE\s+(?:(?:LOCAL|GLOBAL)\s+)?TEMP(?:ORARY)?\s(?![\s\S]*\bON\s+COMMIT\s+DROP\b)`,
      'i',
    ),
    'A temporary table',
    'Say ON COMMIT DROP, in isolation.transaction(…).',
  ],
  [
    /\bpg_(?:try_)?advisory_lock(?:_shared)?\s*\(/i,
    'A session’s advisory lock',
    'Take pg_advisory_xact_lock(…), in isolation.transaction(…).',
  ],
  [
    new RegExp(String.raw`${START}DECLARE\b[\s\S]*\bWITH\s+HOLD\b`, 'i'),
    'A cursor WITH HOLD',
    'A cursor without it lives in isolation.transaction(…).',
  ],
];

/** A statement that begins a transaction, by itself. */
export const BEGIN = new RegExp(String.raw`${START}(?:START\s+TRANSACTION|BEGIN)\b[^;]*$`, 'i');

const TRANSACTION = new RegExp(
  String.raw`${START}(?:BEGIN|START\s+TRANSACTION|COMMIT|END|ROLLBACK(?!\s+(?:(?:WORK|TRANSACTION)\s+)?TO\b)|ABORT|` +
    String.raw`PREPARE\s+TRANSACTION)\b`,
  'i',
);

const PREPARE = new RegExp(String.raw`${START}PREPARE(?!\s+TRANSACTION)\b`, 'i');
const LOCAL = new RegExp(String.raw`${START}SET\s+(?:LOCAL|TRANSACTION|CONSTRAINTS)\b`, 'i');

/** How a connection must be cleaned after a statement, before it serves another user. */
export type Cleanup = 'nothing' | 'clear' | 'close';

/** @param text a single statement of raw SQL */
export function cleanupAfter(text: string): Cleanup {
  if (LOCAL.test(text)) return 'nothing';
  // DEALLOCATE ALL would also drop the statements that pg has prepared and still uses.
  return PREPARE.test(text) ? 'close' : 'clear';
}

/** Resets everything a statement may have left on a connection, except prepared statements. */
export const CLEAR_SESSION = [
  'SET SESSION AUTHORIZATION DEFAULT',
  'RESET ALL',
  'CLOSE ALL',
  'UNLISTEN *',
  'SELECT pg_catalog.pg_advisory_unlock_all()',
  'DISCARD SEQUENCES',
  'DISCARD TEMP',
].join('; ');

/**
 * Refuses a statement whose effect would stay on a pooled connection, which serves another user next. This gives a
 * clear message; the same effect inside of a function is reset by {@link CLEAR_SESSION}.
 *
 * @throws {ForbiddenStatementError} naming what to write instead
 */
export function refuseLasting(text: string): void {
  for (const [pattern, what, instead] of LASTING) {
    if (pattern.test(text))
      throw new ForbiddenStatementError(`${what} would stay on the connection, which serves others next.`, instead);
  }
}

/**
 * Refuses BEGIN, COMMIT, ROLLBACK and the like where TypeORM manages the transaction, or where the next statement may
 * run on another connection. Savepoints are allowed.
 *
 * @throws {ForbiddenStatementError} naming what to write instead
 */
export function refuseTransactionControl(text: string): void {
  if (!TRANSACTION.test(text)) return;
  throw new ForbiddenStatementError(
    'A transaction is not begun or ended by SQL here: the statements around it would not be part of it.',
    'Use isolation.transaction(…), which commits when its work is done and rolls back when it throws.',
  );
}
