import { literal } from '../postgres/identifier.ts';

/** A column of one of Better Auth's tables, as PostgreSQL has it. */
export interface FoundColumn {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  /** PostgreSQL's name, e.g. `timestamp with time zone`. */
  readonly type: string;
  /** Whether this connection's role may select it. */
  readonly readable: boolean;
  /** Whether a unique index is on this column alone. */
  readonly unique: boolean;
}

/** A table by another name or in another schema that could be meant. */
export interface SimilarTable {
  readonly schema: string;
  readonly table: string;
}

/**
 * The statement that reads {@link FoundColumn}s.
 *
 * @param paths quoted, with a schema or without: then the search path decides
 */
export function columnsSql(paths: readonly string[]): string {
  return `
    select n.nspname as schema, c.relname as "table", a.attname as "column",
      format_type(a.atttypid, a.atttypmod) as type,
      has_column_privilege(c.oid, a.attnum, 'select') as readable,
      exists (select from pg_index i where i.indrelid = c.oid and i.indisunique and i.indisvalid
        and i.indpred is null and i.indnkeyatts = 1 and i.indkey[0] = a.attnum) as "unique"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.oid in (${paths.map((path) => `to_regclass(${literal(path)})`).join(', ')})
    order by a.attnum`;
}

/** Reads every {@link SimilarTable} of `user` and `session`: plural, another case, another schema. */
export const SIMILAR_TABLES_SQL = `
  select n.nspname as schema, c.relname as "table" from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and lower(c.relname) ~ '(^|_)(user|session)s?$'
  order by 1, 2`;
