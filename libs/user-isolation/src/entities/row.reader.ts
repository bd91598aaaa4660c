import type { EntityMetadata, ObjectLiteral } from 'typeorm';
import type { Driver } from 'typeorm/driver/Driver.js';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

/** Makes entities of rows, whose columns go by the names it was given. */
export class RowReader<Entity extends ObjectLiteral> {
  readonly #columns: ReadonlyArray<{ readonly name: string; readonly column: ColumnMetadata }>;

  constructor(
    private readonly metadata: EntityMetadata,
    private readonly driver: Driver,
    nameOf: (column: ColumnMetadata) => string,
  ) {
    this.#columns = metadata.columns.filter((column) => !column.isVirtual).map((column) => ({ name: nameOf(column), column }));
  }

  /** Columns the row doesn't have are left out of the entity, and columns it doesn't know out of account. */
  read(row: object): Entity {
    const entity = this.metadata.create(undefined, { fromDeserializer: true }) as Entity;
    for (const { name, column } of this.#columns) {
      const value: unknown = Reflect.get(row, name);
      if (value !== undefined) column.setEntityValue(entity, this.driver.prepareHydratedValue(value, column));
    }
    return entity;
  }
}
