import { Inject } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { type ObjectLiteral, Repository, type SelectQueryBuilder } from 'typeorm';
import { aliasOf } from '../database/typeorm-internals.ts';
import { RowReader } from '../fast/row.reader.ts';
import { IsolationError } from '../isolation.error.ts';

/** An entity class, as given to `forFeature` and `@InjectOwnedRepository`. */
export type OwnedEntityClass<Entity extends ObjectLiteral = ObjectLiteral> = abstract new (...args: never[]) => Entity;

/** TypeORM's repository over an owned entity: every method reaches the current user's rows only. */
export class OwnedRepository<Entity extends ObjectLiteral> extends Repository<Entity> {
  /** Keyed by the query's alias; undefined for rows whose columns have their own names. */
  readonly #readers = new Map<string | undefined, RowReader<Entity>>();

  /**
   * Makes an entity of a raw row with column names, such as those that `insert()`, `update()` and `delete()` return
   * with `returning('*')`. Skips unmapped columns; leaves a property unset when the row lacks its column.
   *
   * @example
   * const { raw } = await this.notes.createQueryBuilder().insert().values({ body }).returning('*').execute();
   * return this.notes.fromRow(raw[0]);
   */
  fromRow(row: object): Entity {
    return this.#reader(undefined).read(row as Record<string, unknown>);
  }

  /**
   * The result of `builder.getMany()` for a query over this entity alone, in a fraction of the time. `getMany()` groups
   * every row by its key, which only joined rows need. Listeners (`@AfterLoad`) are not called.
   *
   * @throws {IsolationError} when the builder joins or maps anything
   * @example await this.notes.readMany(this.notes.createQueryBuilder('note').orderBy('note.id').limit(20));
   */
  async readMany(builder: SelectQueryBuilder<Entity>): Promise<Entity[]> {
    const { joinAttributes, relationIdAttributes, mainAlias } = builder.expressionMap;
    if (joinAttributes.length > 0 || relationIdAttributes.length > 0) {
      throw new IsolationError(`readMany() reads ${this.metadata.name} alone; a query with joins is for getMany().`);
    }
    const reader = this.#reader(mainAlias?.name);
    return (await builder.getRawMany<Record<string, unknown>>()).map((row) => reader.read(row));
  }

  #reader(alias: string | undefined): RowReader<Entity> {
    const known = this.#readers.get(alias);
    if (known !== undefined) return known;
    const { driver } = this.manager.dataSource;
    const reader = new RowReader<Entity>(this.metadata, driver, ({ databaseName }) =>
      alias === undefined ? databaseName : aliasOf(driver, alias, databaseName),
    );
    this.#readers.set(alias, reader);
    return reader;
  }
}

/** The provider's token; for tests that resolve a repository from the container. */
export function getOwnedRepositoryToken(entity: OwnedEntityClass, dataSource = 'default'): string {
  const source = getDataSourceToken(dataSource);
  return `${typeof source === 'string' ? source : source.name}/OwnedRepository/${entity.name}`;
}

/**
 * Injects the repository of an owned entity, registered by `IsolationModule.forFeature([Entity])`.
 *
 * @example constructor(@InjectOwnedRepository(Task) private readonly tasks: OwnedRepository<Task>) {}
 */
export function InjectOwnedRepository(
  entity: OwnedEntityClass,
  dataSource?: string,
): ParameterDecorator & PropertyDecorator {
  return Inject(getOwnedRepositoryToken(entity, dataSource));
}
