import type { DataSource, EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

/** The columns of one entity in a hand-written SELECT: their SQL, and the way back from a row to a frozen object. */
export class ReadColumns {
  /** Quoted, with its schema. */
  readonly table: string;
  readonly #columns: readonly ColumnMetadata[];
  readonly #absent: readonly ColumnMetadata[];
  readonly #all: ReadonlyMap<string, ColumnMetadata>;
  readonly #prototype: object;
  /** By the place in the list: whether the column's values are Dates. Learned from them. */
  readonly #dates: boolean[] = [];

  constructor(
    private readonly dataSource: DataSource,
    private readonly metadata: EntityMetadata,
    private readonly alias: string,
    optional: readonly string[],
    absent: ReadonlySet<string>,
  ) {
    this.table = metadata.tablePath.split('.').map(quote).join('.');
    const isAbsent = (column: ColumnMetadata): boolean =>
      optional.includes(column.propertyName) && absent.has(`${metadata.tableName}.${column.databaseName}`);
    const own = metadata.columns.filter((column) => !column.isVirtual);
    this.#absent = own.filter(isAbsent);
    const present = own.filter((column) => !isAbsent(column));
    this.#columns = present.filter((column) => column.isSelect);
    this.#prototype = (metadata.target as { readonly prototype: object }).prototype;
    this.#all = new Map(present.map((column) => [column.propertyName, column]));
  }

  /** Columns in the list. */
  get count(): number {
    return this.#columns.length;
  }

  has(property: string): boolean {
    return this.#all.has(property);
  }

  /** `alias."column"` of a property. */
  sql(property: string): string {
    const column = this.#all.get(property);
    if (!column) throw new Error(`The entity ${this.metadata.name} has no column for '${property}'.`);
    return `${this.alias}.${quote(column.databaseName)}`;
  }

  list(): string {
    return this.#columns.map((column) => `${this.alias}.${quote(column.databaseName)}`).join(', ');
  }

  /** Builds the entity from the cells at `offset`. Frozen: it may answer several requests. */
  hydrate(row: readonly unknown[], offset: number): object {
    // Not `new`: class fields would put every column on it, the token's name included, as undefined.
    const entity = Object.create(this.#prototype) as Record<string, unknown>;
    this.#columns.forEach((column, index) => {
      entity[column.propertyName] = this.dataSource.driver.prepareHydratedValue(row[offset + index], column);
    });
    for (const column of this.#absent) entity[column.propertyName] = null;
    return Object.freeze(entity);
  }

  /** The entity's values in the order of the list, small: a Date takes seven times the room of its milliseconds. */
  pack(entity: object): unknown[] {
    return this.#columns.map((column, index) => {
      const value: unknown = Reflect.get(entity, column.propertyName);
      if (!(value instanceof Date)) return value;
      this.#dates[index] = true;
      return value.getTime();
    });
  }

  /** The entity again, from the values at `offset` of what {@link pack} made. */
  unpack(values: readonly unknown[], offset: number): object {
    const entity = Object.create(this.#prototype) as Record<string, unknown>;
    for (let index = 0; index < this.#columns.length; index += 1) {
      const value = values[offset + index];
      const column = this.#columns[index];
      if (column) entity[column.propertyName] = typeof value === 'number' && this.#dates[index] === true ? new Date(value) : value;
    }
    for (const column of this.#absent) entity[column.propertyName] = null;
    return Object.freeze(entity);
  }
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
