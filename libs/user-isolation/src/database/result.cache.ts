import type { EntityMetadata, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { isOwnedMetadata } from '../entities/owned.decorator.ts';
import { OwnedCacheError } from '../isolation.error.ts';
import { OWNER_PARAMETER } from './owner.condition.ts';

/**
 * Refuses TypeORM's result cache for a query that reads owned rows, directly, by a join or by a subquery: the cache's
 * key is the query's text or a name chosen by the code, without the user.
 *
 * @param sql the query as TypeORM wrote it, with the names of its parameters
 * @throws {OwnedCacheError} naming the table
 */
export function refuseCaching(
  { dataSource, expressionMap: { cache } }: SelectQueryBuilder<ObjectLiteral>,
  sql: string,
): void {
  const { cache: options } = dataSource.options;
  const alwaysEnabled = typeof options === 'object' && options.alwaysEnabled === true;
  // As TypeORM decides it.
  if (dataSource.queryResultCache === undefined || !(alwaysEnabled ? cache !== false : cache === true)) return;
  const words = new Set(sql.toLowerCase().match(/[\w$]+/g));
  const table = ownedTables(dataSource.entityMetadatas).find((name) => words.has(name.toLowerCase()));
  const read = table ?? (sql.includes(`:${OWNER_PARAMETER}`) ? 'an owned table' : undefined);
  if (read !== undefined) throw new OwnedCacheError(read);
}

/** Tables of owned entities, and those that link them to others. */
function ownedTables(entities: readonly EntityMetadata[]): string[] {
  return entities.filter(isOwnedMetadata).flatMap(({ tableName, relations }) => {
    const links = relations.flatMap(({ junctionEntityMetadata }) => junctionEntityMetadata?.tableName ?? []);
    return [tableName, ...links];
  });
}
