import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

/** A constraint, or a unique index without one, as PostgreSQL names it in an error. */
export interface ConstraintName {
  readonly schema: string;
  readonly table: string;
  readonly constraint: string;
}

/**
 * The columns of a constraint or of an index of this name, those in expressions included. A generated column stands
 * for the columns it is made of.
 */
const COLUMNS = `
  with target as (select to_regclass(format('%I.%I', $1::text, $2::text))::oid as id),
  keys(number) as (
    select unnest(conkey) from pg_catalog.pg_constraint, target where conrelid = target.id and conname = $3
    union
    select unnest(indkey::int2[]) from pg_catalog.pg_index join pg_catalog.pg_class on oid = indexrelid, target
     where indrelid = target.id and relname = $3
    union
    select refobjsubid::int2 from pg_catalog.pg_depend join pg_catalog.pg_class on oid = objid, target
     where classid = 'pg_class'::regclass and refclassid = 'pg_class'::regclass and refobjid = target.id
       and relname = $3 and relkind in ('i', 'I')
  ),
  sources(generated, number) as (
    select objsubid::int2, refobjsubid::int2 from pg_catalog.pg_depend, target
     where classid = 'pg_class'::regclass and objid = target.id and objsubid > 0
       and refclassid = 'pg_class'::regclass and refobjid = target.id and refobjsubid > 0
    union
    select adnum, refobjsubid::int2
      from pg_catalog.pg_depend join pg_catalog.pg_attrdef on pg_attrdef.oid = objid, target
     where classid = 'pg_attrdef'::regclass and adrelid = target.id
       and refclassid = 'pg_class'::regclass and refobjid = target.id and refobjsubid > 0 and refobjsubid <> adnum
  )
  select attname::text as name from pg_catalog.pg_attribute, target
   where attrelid = target.id and attnum in (
     select coalesce(sources.number, keys.number) from keys left join sources on sources.generated = keys.number
   )
   order by attnum`;

/** Which columns a constraint is about: PostgreSQL names the constraint alone, and the row only with its values. */
export class ConstraintColumns {
  readonly #known = new Map<string, readonly string[]>();

  constructor(private readonly dataSource: DataSource) {}

  /** The columns' names in the order of the table; none when there is no such constraint. Asked once each. */
  async of({ schema, table, constraint }: ConstraintName): Promise<readonly string[]> {
    const key = JSON.stringify([schema, table, constraint]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    // Past TypeORM: the request's own transaction, and what its user may read, have no part in it.
    const { driver } = this.dataSource;
    if (!('master' in driver)) return [];
    const { rows } = await (driver.master as Pool).query<{ name: string }>(COLUMNS, [schema, table, constraint]);
    const columns = rows.map(({ name }) => name);
    if (columns.length > 0) this.#known.set(key, columns);
    return columns;
  }
}
