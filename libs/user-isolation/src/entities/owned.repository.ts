import { Inject } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { type ObjectLiteral, Repository } from 'typeorm';

/** An entity class, as given to `forFeature` and `@InjectOwnedRepository`. */
export type OwnedEntityClass<Entity extends ObjectLiteral = ObjectLiteral> = abstract new (...args: never[]) => Entity;

/** TypeORM's repository over an owned entity: every method reaches the current user's rows only. */
export class OwnedRepository<Entity extends ObjectLiteral> extends Repository<Entity> {
  /**
   * The entity of a row as PostgreSQL gave it, by column names: what `insert()`, `update()` and `delete()` return
   * with `returning('*')` is not made into entities by TypeORM. Columns the entity doesn't know are left out.
   *
   * @example
   * const { raw } = await this.notes.createQueryBuilder().insert().values({ body }).returning('*').execute();
   * return this.notes.fromRow(raw[0]);
   */
  fromRow(row: object): Entity {
    const { driver } = this.manager.dataSource;
    const entity = this.create();
    for (const column of this.metadata.columns) {
      if (!(column.databaseName in row)) continue;
      column.setEntityValue(entity, driver.prepareHydratedValue(Reflect.get(row, column.databaseName), column));
    }
    return entity;
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
export function InjectOwnedRepository(entity: OwnedEntityClass, dataSource?: string): ParameterDecorator & PropertyDecorator {
  return Inject(getOwnedRepositoryToken(entity, dataSource));
}
