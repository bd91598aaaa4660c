import { columnsSql, SIMILAR_TABLES_SQL, type FoundColumn, type SimilarTable } from '../schema/auth.catalog.ts';
import {
  adminPluginProblems,
  missingTableProblem,
  SESSION_SHAPE,
  tableProblems,
  USER_SHAPE,
} from '../schema/auth.shape.ts';
import { AuthStartupError } from '../startup.error.ts';
import { identifier, literal } from '../postgres/identifier.ts';
import { rowsOf, type SqlRunner } from '../postgres/sql.runner.ts';
import { REVOCATION_CHANNEL } from './revocation.payload.ts';

const NOTIFY_ROW = 'session_guard_notify_row';
const NOTIFY_ALL = 'session_guard_notify_all';

/** Name of the row trigger on `session` and `user`; the start-up check looks for it. */
export const ROW_TRIGGER = 'session_guard_row';
/** Name of the statement trigger that flushes all. */
export const ALL_TRIGGER = 'session_guard_all';

/** Waiting for each of the three tables, and how often it is tried: Better Auth's writes wait behind each try. */
const LOCK = { waitMs: 300, attempts: 20, pauseSeconds: 0.2 } as const;

/**
 * Installs the triggers by which a revocation reaches every API instance. Run it in a migration, as the owner of
 * Better Auth's tables and after Better Auth's own migrations; running it again changes nothing and takes no lock.
 *
 * - `session`: DELETE, and any UPDATE but a refresh (which only moves `expiresAt` ahead and `updatedAt`). Better
 *   Auth with `preserveSessionInDatabase` revokes by moving `expiresAt` back: that counts.
 * - `user`: DELETE and any UPDATE of more than `updatedAt`: a ban, a role, a name.
 * - TRUNCATE of either, and any change of a key in `jwks` but its addition: everything is forgotten.
 *
 * Payloads hold a digest of the row's id, never a token: every role of a database may LISTEN.
 *
 * The triggers never make a write of Better Auth fail: they name no column, so that one may be renamed or dropped
 * later, and what goes wrong inside them revokes everything instead. Installing them locks the tables for a moment: a
 * try gives up within a second, so that nobody waits behind it for longer, and there are twenty of them.
 *
 * @example
 * ```ts
 * export class SessionRevocation1700000000000 implements MigrationInterface {
 *   up = (queryRunner: QueryRunner) => installRevocation(queryRunner);
 *   down = (queryRunner: QueryRunner) => uninstallRevocation(queryRunner);
 * }
 * ```
 * @throws AuthStartupError when `session` or `user` isn't there, or not as Better Auth's own migrations make them;
 * nothing is installed then. The driver's error 55P03 when the tables stay locked by others.
 */
export async function installRevocation(queryRunner: SqlRunner): Promise<void> {
  const found = await rowsOf<FoundColumn>(queryRunner, columnsSql(['"session"', '"user"', 'jwks']));
  const pathOf = (table: string): string | undefined => {
    const column = found.find((each) => each.table === table);
    return column && `${identifier(column.schema)}.${identifier(table)}`;
  };
  const [session, user, jwks] = [pathOf('session'), pathOf('user'), pathOf('jwks')];
  if (session === undefined || user === undefined) {
    const similar = await rowsOf<SimilarTable>(queryRunner, SIMILAR_TABLES_SQL);
    throw new AuthStartupError([missingTableProblem(user === undefined ? 'user' : 'session', similar)], NOT_INSTALLED);
  }
  const problems = [
    ...tableProblems(USER_SHAPE, found),
    ...tableProblems(SESSION_SHAPE, found),
    ...adminPluginProblems(found, { session: 'session', user: 'user' }),
  ];
  if (problems.length > 0) throw new AuthStartupError(problems, NOT_INSTALLED);
  const schema = identifier(found.find(({ table }) => table === 'session')?.schema ?? 'public');
  const [row, all] = [`${schema}.${NOTIFY_ROW}`, `${schema}.${NOTIFY_ALL}`];
  await queryRunner.query(
    functionsSql(row, all) +
      triggersSql([
        { table: session, name: ROW_TRIGGER, when: 'after update or delete', each: 'row', calls: `${row}('s')` },
        { table: session, name: ALL_TRIGGER, when: 'after truncate', each: 'statement', calls: `${all}()` },
        { table: user, name: ROW_TRIGGER, when: 'after update or delete', each: 'row', calls: `${row}('u')` },
        { table: user, name: ALL_TRIGGER, when: 'after truncate', each: 'statement', calls: `${all}()` },
        ...(jwks
          ? [
              {
                table: jwks,
                name: ALL_TRIGGER,
                when: 'after update or delete or truncate',
                each: 'statement',
                calls: `${all}()`,
              },
            ]
          : []),
      ]),
  );
}

const NOT_INSTALLED = "Session Guard doesn't install its triggers here";

/**
 * Columns are looked up by name in the row's JSON, where one that is gone is null: that counts as a change, and without
 * an id everything is revoked. `new."expiresAt"` would make every write fail from the day it is renamed.
 *
 * No notice leaves a block with an exception handler: to end thousands of sessions would take seven times as long.
 */
function functionsSql(row: string, all: string): string {
  return `
    create or replace function ${row}() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
    declare
      refreshed constant text[] := array['expiresAt', 'updatedAt'];
      before constant jsonb := to_jsonb(old);
      after jsonb;
    begin
      if tg_op = 'UPDATE' then
        after := to_jsonb(new);
        if tg_argv[0] = 's' then
          if after - refreshed = before - refreshed then
            begin
              if (after->>'expiresAt')::timestamptz >= (before->>'expiresAt')::timestamptz then
                return null;
              end if;
            exception when others then
              -- Times of another kind can't be compared here: then every change counts.
            end;
          end if;
        elsif after - 'updatedAt' = before - 'updatedAt' then
          return null;
        end if;
      end if;
      perform pg_notify('${REVOCATION_CHANNEL}',
        coalesce(tg_argv[0] || ':' || encode(sha256(convert_to(before->>'id', 'UTF8')), 'base64'), 'all'));
      return null;
    end $$;

    create or replace function ${all}() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
    begin
      perform pg_notify('${REVOCATION_CHANNEL}', 'all');
      return null;
    end $$;
  `;
}

interface Trigger {
  readonly table: string;
  readonly name: string;
  readonly when: string;
  /** `row` or `statement`. */
  readonly each: string;
  /** The function with its schema and its argument. */
  readonly calls: string;
}

/**
 * One attempt is a subtransaction: what it had locked is free again when it fails. Triggers that are there already are
 * left alone; the functions behind them were replaced above, which locks no table.
 */
function triggersSql(triggers: readonly Trigger[]): string {
  const missing = triggers.map(
    ({ table, name, when, each, calls }) => `
          if not exists (select from pg_catalog.pg_trigger
              where tgrelid = ${literal(table)}::regclass and tgname = '${name}'
              and tgfoid = ${literal(calls.replace(/\(.*/, '()'))}::regprocedure and tgenabled in ('O', 'A')) then
            create or replace trigger ${name} ${when} on ${table} for each ${each} execute function ${calls};
          end if;`,
  );
  return `
    do $$
    declare
      patience constant text := pg_catalog.current_setting('lock_timeout');
    begin
      for attempt in 1 .. ${LOCK.attempts} loop
        begin
          perform pg_catalog.set_config('lock_timeout', '${LOCK.waitMs}ms', true);${missing.join('')}
          exit;
        exception when lock_not_available then
          if attempt = ${LOCK.attempts} then
            raise;
          end if;
          perform pg_catalog.pg_sleep(${LOCK.pauseSeconds});
        end;
      end loop;
      perform pg_catalog.set_config('lock_timeout', patience, true);
    end $$;
  `;
}

/** Removes what {@link installRevocation} installed. A running API notices at its next start and remembers nothing. */
export async function uninstallRevocation(queryRunner: SqlRunner): Promise<void> {
  await queryRunner.query(`
    drop function if exists ${NOTIFY_ROW}() cascade;
    drop function if exists ${NOTIFY_ALL}() cascade;
  `);
}
