import { identifier, type ColumnMap, type TableMap } from '@session-guard/core';
import type { DataSource, EntityMetadata } from 'typeorm';

type ColumnMetadata = EntityMetadata['columns'][number];

const TEXT_TYPES: ReadonlySet<unknown> = new Set([String, 'text', 'varchar', 'character varying', 'citext']);
const TIME_TYPES: ReadonlySet<unknown> = new Set([Date, 'timestamptz', 'timestamp with time zone', 'timestamp']);

/**
 * What an entity says of its table: custom columns, renamed ones and transformers included.
 *
 * @param path of the table, quoted and with its schema
 * @param absent columns that a plugin of Better Auth adds and that aren't in this database, by their names there
 */
export function tableOfEntity(
  dataSource: DataSource,
  metadata: EntityMetadata,
  path: string,
  absent: ReadonlySet<string>,
): TableMap {
  const own = metadata.columns.filter((column) => !column.isVirtual);
  return {
    path,
    columns: own.filter(({ databaseName }) => !absent.has(databaseName)).map((column) => columnOf(dataSource, column)),
    absent: own.filter(({ databaseName }) => absent.has(databaseName)).map(({ propertyName }) => propertyName),
    prototype: (metadata.target as { readonly prototype: object }).prototype,
  };
}

function columnOf(dataSource: DataSource, column: ColumnMetadata): ColumnMap {
  return {
    property: column.propertyName,
    sql: identifier(column.databaseName),
    kind: kindOf(column),
    isSelected: column.isSelect,
    hydrate: (value) => dataSource.driver.prepareHydratedValue(value, column) as unknown,
  };
}

function kindOf({ type, isArray, transformer }: ColumnMetadata): ColumnMap['kind'] {
  if (!isArray && TEXT_TYPES.has(type)) return 'text';
  // What a transformer makes of a time may be anything.
  return !isArray && transformer === undefined && TIME_TYPES.has(type) ? 'time' : 'other';
}
