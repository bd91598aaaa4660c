import type { EntityMetadata, ObjectLiteral } from 'typeorm';
import type { ColumnMetadata, Driver } from '../database/typeorm-internals.ts';

/** Types whose values TypeORM doesn't convert. */
const AS_GIVEN: ReadonlySet<unknown> = new Set([
  'uuid',
  'text',
  'varchar',
  'character varying',
  'smallint',
  'integer',
  'int',
  'int4',
  'timestamptz',
  'timestamp with time zone',
]);

interface Column {
  /** The column's name in the row. */
  readonly name: string;
  readonly property: string;
  readonly metadata: ColumnMetadata;
  /** Whether the value needs no conversion. Most don't, and calling TypeORM for each takes longer than reading it. */
  readonly isPlain: boolean;
}

/** Makes entities of raw rows, by the column names it was given. */
export class RowReader<Entity extends ObjectLiteral> {
  readonly #columns: readonly Column[];

  constructor(
    private readonly metadata: EntityMetadata,
    private readonly driver: Driver,
    nameOf: (column: ColumnMetadata) => string,
  ) {
    this.#columns = metadata.columns
      .filter((column) => !column.isVirtual)
      .map((column) => ({
        name: nameOf(column),
        property: column.propertyName,
        metadata: column,
        isPlain:
          AS_GIVEN.has(column.type) &&
          !column.isArray &&
          column.transformer === undefined &&
          column.embeddedMetadata === undefined,
      }));
  }

  /** Columns the row doesn't have are left out of the entity, and columns it doesn't know out of account. */
  read(row: Readonly<Record<string, unknown>>): Entity {
    const entity = this.metadata.create(undefined, { fromDeserializer: true }) as Record<string, unknown>;
    for (const { name, property, metadata, isPlain } of this.#columns) {
      const value = row[name];
      if (value === undefined) continue;
      if (isPlain) entity[property] = value;
      else metadata.setEntityValue(entity, this.driver.prepareHydratedValue(value, metadata));
    }
    return entity as Entity;
  }
}
