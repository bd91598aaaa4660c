import { Inject } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { type ObjectLiteral, Repository } from 'typeorm';

/** An entity class, as given to `forFeature` and `@InjectOwnedRepository`. */
export type OwnedEntityClass<Entity extends ObjectLiteral = ObjectLiteral> = abstract new (...args: never[]) => Entity;

/** TypeORM's repository over an owned entity: every method reaches the current user's rows only. */
export class OwnedRepository<Entity extends ObjectLiteral> extends Repository<Entity> {}

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
