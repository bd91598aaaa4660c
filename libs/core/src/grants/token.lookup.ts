/** Finds sessions by their tokens for a role that may not read the tokens. {@link grantVerification} makes it. */
export const TOKEN_LOOKUP = 'session_guard_find_sessions';

/** Its parameters, as PostgreSQL names a function. */
export const TOKEN_LOOKUP_SIGNATURE = `${TOKEN_LOOKUP}(text[])`;

/**
 * The function, owned by whoever runs this: the API's role learns which of the tokens it *was given* name a session,
 * and nothing of any other. PL/pgSQL and a loop, because both keep their plan: an SQL function, or `= any(tokens)`,
 * was planned anew for each call, which took longer than the lookup.
 *
 * @param schema of the table `session`, quoted; the function is made beside it
 * @param idType PostgreSQL's name for the type of its ids
 * @param role quoted; nobody else may call it
 */
export function tokenLookupSql(schema: string, idType: string, role: string): string {
  const name = `${schema}.${TOKEN_LOOKUP_SIGNATURE}`;
  return `
    create or replace function ${schema}.${TOKEN_LOOKUP}(tokens text[]) returns table (token text, id ${idType})
      language plpgsql stable strict security definer rows 1 set search_path = pg_catalog, pg_temp as $$
    begin
      foreach token in array tokens loop
        select s.id into id from ${schema}."session" s where s.token = ${TOKEN_LOOKUP}.token;
        if found then
          return next;
        end if;
      end loop;
    end $$;
    revoke all on function ${name} from public;
    grant execute on function ${name} to ${role};`;
}
