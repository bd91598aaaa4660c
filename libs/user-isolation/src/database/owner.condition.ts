import type { ObjectLiteral, QueryBuilder } from 'typeorm';
import { currentOwner } from '../context/owner.context.ts';
import { isOwnedMetadata } from '../entities/owned.decorator.ts';
import { OWNER_COLUMN } from '../isolation.constants.ts';
import { NoOwnerError } from '../isolation.error.ts';
import type { Alias, JoinAttribute } from './typeorm-internals.ts';

/** The query parameter that holds the owner's id. */
export const OWNER_PARAMETER = 'isolationOwner';

type Builder = QueryBuilder<ObjectLiteral>;

/**
 * The parameters of a query, with the owner's id. TypeORM writes the SQL of some queries on a clone of the builder
 * (pagination with joins, `exists`) and takes the parameters from the original: so the owner is added whenever
 * parameters are read, and not where the condition is written.
 */
export function withOwner(parameters: ObjectLiteral): ObjectLiteral {
  const owner = currentOwner();
  return owner === undefined ? parameters : { ...parameters, [OWNER_PARAMETER]: owner };
}

/**
 * Adds `owner column = current user` to the WHERE of a query over owned entities, whatever conditions the code gave
 * or forgot. The condition is added when the SQL is written, so that a later `.where()` cannot replace it.
 *
 * @param where as TypeORM wrote it, empty or beginning with WHERE
 * @throws {NoOwnerError} when an entity is owned and no user is known
 */
export function ownRows(builder: Builder, where: string): string {
  const conditions = ownedAliases(builder).map((alias) => condition(builder, alias));
  if (conditions.length === 0) return where;
  const given = where.trim().replace(/^WHERE\s+/i, '');
  if (given !== '') conditions.push(`( ${given} )`);
  return ` WHERE ${conditions.join(' AND ')}`;
}

/**
 * Adds the same condition to each join of an owned entity while `write` writes them: a left join then finds nothing in
 * place of another user's row.
 *
 * @throws {NoOwnerError} when a joined entity is owned and no user is known
 */
export function ownJoins(builder: Builder, write: () => string): string {
  const owned = builder.expressionMap.joinAttributes.filter(isOwnedJoin);
  const given = owned.map((join) => join.condition);
  try {
    for (const join of owned) {
      const own = condition(builder, join.alias);
      join.condition = join.condition ? `( ${join.condition} ) AND ${own}` : own;
    }
    return write();
  } finally {
    owned.forEach((join, index) => (join.condition = given[index] ?? ''));
  }
}

/** @throws {NoOwnerError} when a row would be inserted into an owned entity's table and no user is known */
export function requireOwner({ expressionMap: { mainAlias } }: Builder): void {
  if (mainAlias?.hasMetadata === true && isOwnedMetadata(mainAlias.metadata) && currentOwner() === undefined) {
    throw new NoOwnerError(mainAlias.metadata.name);
  }
}

/** The query's entity, and in a SELECT what `addFrom` added to it. */
function ownedAliases({ expressionMap: { queryType, mainAlias, aliases } }: Builder): Alias[] {
  const others =
    queryType === 'select' ? aliases.filter(({ type, name }) => type === 'from' && name !== mainAlias?.name) : [];
  return [...(mainAlias === undefined ? [] : [mainAlias]), ...others].filter(
    (alias) => alias.hasMetadata && isOwnedMetadata(alias.metadata),
  );
}

/** Whether an owned entity's table is joined; a joined subquery is scoped itself. */
function isOwnedJoin({ metadata, alias }: JoinAttribute): boolean {
  return metadata !== undefined && alias.subQuery === undefined && isOwnedMetadata(metadata);
}

function condition(builder: Builder, { name, metadata }: Alias): string {
  if (currentOwner() === undefined) throw new NoOwnerError(metadata.name);
  const prefix = builder.expressionMap.aliasNamePrefixingEnabled ? `${builder.escape(name)}.` : '';
  return `${prefix}${builder.escape(OWNER_COLUMN)} = :${OWNER_PARAMETER}`;
}
