import { type DynamicModule, Module } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { isOwned } from './entities/owned.decorator.ts';
import { getOwnedRepositoryToken, type OwnedEntityClass, OwnedRepository } from './entities/owned.repository.ts';
import { IsolationCoreModule } from './isolation-core.module.ts';
import { IsolationError } from './isolation.error.ts';
import type { IsolationOptions } from './isolation.options.ts';

/** Row ownership: `forRoot` once, `forFeature([Entity])` in each module that has owned entities. */
@Module({})
export class IsolationModule {
  /**
   * Scopes every request to its verified user, and refuses to start where that would not hold. Needs the
   * application's DataSource to be an `IsolatedDataSource`.
   *
   * @example
   * imports: [
   *   TypeOrmModule.forRootAsync({ useFactory: () => options, dataSourceFactory: createIsolatedDataSource }),
   *   IsolationModule.forRoot(),
   * ]
   */
  static forRoot(options: IsolationOptions = {}): DynamicModule {
    return { module: IsolationModule, imports: [IsolationCoreModule.forRoot(options)] };
  }

  /**
   * Registers owned entities and their repositories for `@InjectOwnedRepository(Entity)`.
   *
   * @throws {IsolationError} when an entity is not owned
   */
  static forFeature(entities: OwnedEntityClass[], dataSource?: string): DynamicModule {
    for (const entity of entities) {
      if (!isOwned(entity)) {
        throw new IsolationError(
          `${entity.name} is not owned: extend OwnedEntity, or register it with TypeOrmModule.forFeature.`,
        );
      }
    }
    const repositories = entities.map((entity) => ({
      provide: getOwnedRepositoryToken(entity, dataSource),
      inject: [getDataSourceToken(dataSource)],
      useFactory: (source: DataSource) => new OwnedRepository(entity, source.manager),
    }));
    return {
      module: IsolationModule,
      imports: [TypeOrmModule.forFeature(entities, dataSource)],
      providers: repositories,
      exports: [TypeOrmModule, ...repositories.map(({ provide }) => provide)],
    };
  }
}
