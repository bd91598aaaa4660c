import type { AuthSchema } from '../schema/auth.schema.ts';
import type { TableReader } from './table.reader.ts';

/** An impersonated session counts for an hour from its creation, however far a refresh moves `expiresAt`. */
const IMPERSONATION_LIMIT = "interval '1 hour'";

/** The key, the state and the milliseconds left come before the columns. */
export const CELLS_BEFORE_COLUMNS = 3;

/**
 * The statement that reads sessions with their users.
 *
 * @param key what `$1`, an array of texts, holds
 * @param s columns of the session, under the alias `s`
 * @param u columns of the user, under the alias `u`
 */
export function sessionStatement(key: 'token' | 'id', s: TableReader, u: TableReader, schema: AuthSchema): string {
  const impersonated = s.has('impersonatedBy') ? `${s.sql('impersonatedBy')} is not null` : 'false';
  const banned = u.has('banned')
    ? `${u.sql('banned')} and (${u.sql('banExpires')} is null or ${u.sql('banExpires')} > now())`
    : 'false';
  const impersonationEnd = `case when ${impersonated} then ${s.sql('createdAt')} + ${IMPERSONATION_LIMIT} end`;
  const end = `least(${s.sql('expiresAt')}, ${impersonationEnd})`;
  const through = key === 'token' ? schema.tokenLookup : null;
  const from = through
    ? `${through}($1) given join ${schema.session.path} s on ${s.sql('id')} = given.id`
    : `${schema.session.path} s`;
  // The key comes first, as text: by it each row finds the lookup that asked for it.
  return `
      select ${through ? 'given.token' : s.sql(key)}::text,
        case
          when not ${s.sql('expiresAt')} > now() then 'expired'
          when ${u.sql('id')} is null then 'user_missing'
          when ${banned} then 'banned'
          when not ${end} > now() then 'impersonation_over'
          else 'ok'
        end,
        (extract(epoch from ${end} - now()) * 1000)::float8,
        ${s.list()},
        ${u.list()}
      from ${from}
      left join ${schema.user.path} u on ${u.sql('id')} = ${s.sql('userId')}
      ${through ? '' : `where ${s.sql(key)} = any($1)`}`;
}
