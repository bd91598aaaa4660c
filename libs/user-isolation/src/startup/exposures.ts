import type { DataSource } from 'typeorm';
import { OWNER_COLUMN } from '../isolation.constants.ts';

/** Something beside an owned table by which the API's role may reach its rows without its policy. */
export interface Exposure {
  readonly kind: 'view' | 'materialized view' | 'linked' | 'child' | 'parent' | 'foreign table' | 'function';
  /** As SQL writes it, with its schema where that isn't in the search path. */
  readonly name: string;
  /** Its name alone, as the option names it. */
  readonly plainName: string;
  /** The owned table whose rows it shows. */
  readonly table: string;
}

/** What the role may read or write: by itself, or as a role it may become. */
const REACHABLE = `
  select c.oid, c.relname, c.relkind, c.relowner, c.reloptions, c.relrowsecurity and c.relforcerowsecurity as walled
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
   where n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
     and exists (
       select from pg_catalog.pg_roles r
        where pg_has_role(session_user, r.oid, 'MEMBER') and has_schema_privilege(r.oid, n.oid, 'USAGE')
          and (has_any_column_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE')
            or has_table_privilege(r.oid, c.oid, 'DELETE')))`;

/**
 * Owned tables, and whose policies hold for whom: what a superuser, a role with BYPASSRLS, or one that a policy of its
 * own lets in reads of an owned table is everybody's rows.
 */
const EXPOSURES = `
  with recursive
  owned as (select oid, relname from pg_catalog.pg_class
    where oid = any (select to_regclass(path)::oid from unnest($1::text[]) path)),
  reachable as (${REACHABLE}),
  -- What views read, by the roles they read it as: their owner's, or with security_invoker whoever's reads them.
  reads as (
    select v.oid as root, v.oid as viewed, case when ${isInvoker('v')}
      then (select oid from pg_catalog.pg_roles where rolname = session_user) else v.relowner end as reader
      from reachable v where v.relkind = 'v'
    union
    select reads.root, dep.refobjid, case when c.relkind in ('v', 'm') and not ${isInvoker('c')} then c.relowner
      else reads.reader end
      from reads ${dependencies('reads.viewed')}
      join pg_catalog.pg_class c on c.oid = dep.refobjid
     where (select relkind from pg_catalog.pg_class where oid = reads.viewed) = 'v'),
  kept as (
    select m.oid as root, m.oid as viewed from pg_catalog.pg_class m where m.relkind = 'm'
    union
    select kept.root, dep.refobjid from kept ${dependencies('kept.viewed')}),
  stale as (select kept.root, owned.relname from kept join owned on owned.oid = kept.viewed),
  -- Inheritance and partitions, both ways and over several steps.
  below as (
    select owned.relname, i.inhrelid as oid from owned join pg_catalog.pg_inherits i on i.inhparent = owned.oid
    union select below.relname, i.inhrelid from below join pg_catalog.pg_inherits i on i.inhparent = below.oid),
  above as (
    select owned.relname, i.inhparent as oid from owned join pg_catalog.pg_inherits i on i.inhrelid = owned.oid
    union select above.relname, i.inhparent from above join pg_catalog.pg_inherits i on i.inhrelid = above.oid)
  select distinct kind, root::regclass::text as name, relname as "plainName", "table" from (
    select 'view' as kind, reads.root, v.relname, owned.relname as "table"
      from reads join owned on owned.oid = reads.viewed join reachable v on v.oid = reads.root
        join pg_catalog.pg_roles r on r.oid = reads.reader
     where r.rolsuper or r.rolbypassrls
        or exists (select from pg_catalog.pg_class t where t.oid = owned.oid and not t.relforcerowsecurity
          and pg_has_role(r.oid, t.relowner, 'USAGE'))
        or exists (select from pg_catalog.pg_policy p where p.polrelid = owned.oid and p.polpermissive
          and ${applies('r.oid')} and not ${applies('session_user')})
    union all
    select 'view', reads.root, v.relname, stale.relname from reads join stale on stale.root = reads.viewed
      join reachable v on v.oid = reads.root
    union all
    select 'materialized view', m.oid, m.relname, stale.relname from stale join reachable m on m.oid = stale.root
    union all
    select 'linked', l.oid, l.relname, owned.relname
      from reachable l join pg_catalog.pg_constraint f on f.contype = 'f' and f.conrelid = l.oid
        join owned on owned.oid = f.confrelid
     where l.relkind in ('r', 'p') and not l.walled and l.oid not in (select oid from owned)
    union all
    select 'child', c.oid, c.relname, below.relname from below join reachable c on c.oid = below.oid where not c.walled
      and c.oid not in (select oid from owned)
    union all
    select 'parent', c.oid, c.relname, above.relname from above join reachable c on c.oid = above.oid where not c.walled
    union all
    select 'foreign table', c.oid, c.relname, c.relname
      from reachable c join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = '${OWNER_COLUMN}'
        and not a.attisdropped
     where c.relkind = 'f'
  ) found
  union all
  select distinct 'function', p.oid::regprocedure::text, p.proname, owned.relname
    from pg_catalog.pg_proc p join pg_catalog.pg_roles r on r.oid = p.proowner, owned
   where p.prosecdef and (r.rolsuper or r.rolbypassrls) and has_function_privilege(session_user, p.oid, 'EXECUTE')
     and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
     and (select nspname from pg_catalog.pg_namespace where oid = p.pronamespace) !~ '^(pg_|information_schema$)'
     and coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) ~*
       ('\\m' || regexp_replace(owned.relname, '\\W', '\\\\\\&', 'g') || '\\M')
   order by 1, 2, 4`;

/**
 * Reads what beside owned tables shows their rows to the API's role.
 * @param paths the owned tables, as SQL writes them
 */
export async function readExposures(dataSource: DataSource, paths: readonly string[]): Promise<Exposure[]> {
  return dataSource.query<Exposure[]>(EXPOSURES, [paths]);
}

function isInvoker(view: string): string {
  return (
    `coalesce(${view}.reloptions && array['security_invoker=true', 'security_invoker=on', 'security_invoker=1', ` +
    "'security_invoker=yes'], false)"
  );
}

/** The relations that the rules of a view or materialized view name. */
function dependencies(view: string): string {
  return `join pg_catalog.pg_rewrite rule on rule.ev_class = ${view}
      join pg_catalog.pg_depend dep on dep.classid = 'pg_rewrite'::regclass and dep.objid = rule.oid
       and dep.refclassid = 'pg_class'::regclass and dep.refobjid <> ${view}`;
}

function applies(role: string): string {
  return (
    `(0 = any (p.polroles) or exists (select from unnest(p.polroles) named where pg_has_role(${role}, named, ` +
    "'USAGE')))"
  );
}
