import { REVOCATION_CHANNEL } from './revocation.payload.ts';

const NOTIFY_ROW = 'session_guard_notify_row';
const NOTIFY_ALL = 'session_guard_notify_all';

/** What a migration's QueryRunner offers, and a pg client does too. */
export interface SqlRunner {
  query(sql: string): Promise<unknown>;
}

/** Name of the row trigger on `session` and `user`; the start-up check looks for it. */
export const ROW_TRIGGER = 'session_guard_row';
/** Name of the statement trigger that flushes all. */
export const ALL_TRIGGER = 'session_guard_all';

/**
 * Installs the triggers by which a revocation reaches every API instance. Run it in a migration, as the owner of
 * Better Auth's tables and after Better Auth's own migrations; running it again is harmless.
 *
 * - `session`: DELETE, and any UPDATE but a refresh (which only moves `expiresAt` ahead and `updatedAt`). Better
 *   Auth with `preserveSessionInDatabase` revokes by moving `expiresAt` back: that counts.
 * - `user`: DELETE and any UPDATE of more than `updatedAt`: a ban, a role, a name.
 * - TRUNCATE of either, and any change of a key in `jwks` but its addition: everything is forgotten.
 *
 * Payloads hold a digest of the row's id, never a token: every role of a database may LISTEN.
 *
 * @example
 * ```ts
 * export class SessionRevocation1700000000000 implements MigrationInterface {
 *   up = (queryRunner: QueryRunner) => installRevocation(queryRunner);
 *   down = (queryRunner: QueryRunner) => uninstallRevocation(queryRunner);
 * }
 * ```
 * @throws when `session` or `user` doesn't exist yet
 */
export async function installRevocation(queryRunner: SqlRunner): Promise<void> {
  await queryRunner.query(`
    create or replace function ${NOTIFY_ROW}() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
    declare
      refreshed constant text[] := array['expiresAt', 'updatedAt'];
    begin
      if tg_op = 'UPDATE' then
        if tg_argv[0] = 's' then
          if new."expiresAt" >= old."expiresAt" and to_jsonb(new) - refreshed = to_jsonb(old) - refreshed then
            return null;
          end if;
        elsif to_jsonb(new) - 'updatedAt' = to_jsonb(old) - 'updatedAt' then
          return null;
        end if;
      end if;
      perform pg_notify('${REVOCATION_CHANNEL}',
        tg_argv[0] || ':' || encode(sha256(convert_to(old.id::text, 'UTF8')), 'base64'));
      return null;
    end $$;

    create or replace function ${NOTIFY_ALL}() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
    begin
      perform pg_notify('${REVOCATION_CHANNEL}', 'all');
      return null;
    end $$;

    create or replace trigger ${ROW_TRIGGER} after update or delete on "session"
      for each row execute function ${NOTIFY_ROW}('s');
    create or replace trigger ${ALL_TRIGGER} after truncate on "session"
      for each statement execute function ${NOTIFY_ALL}();
    create or replace trigger ${ROW_TRIGGER} after update or delete on "user"
      for each row execute function ${NOTIFY_ROW}('u');
    create or replace trigger ${ALL_TRIGGER} after truncate on "user"
      for each statement execute function ${NOTIFY_ALL}();

    do $$ begin
      if to_regclass('jwks') is not null then
        create or replace trigger ${ALL_TRIGGER} after update or delete or truncate on jwks
          for each statement execute function ${NOTIFY_ALL}();
      end if;
    end $$;
  `);
}

/** Removes what {@link installRevocation} installed. A running API notices at its next start and remembers nothing. */
export async function uninstallRevocation(queryRunner: SqlRunner): Promise<void> {
  await queryRunner.query(`
    drop function if exists ${NOTIFY_ROW}() cascade;
    drop function if exists ${NOTIFY_ALL}() cascade;
  `);
}
