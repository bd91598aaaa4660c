import { type DynamicModule, Inject, Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { isOwned } from './entities/owned.decorator.ts';
import { getOwnedRepositoryToken, type OwnedEntityClass, OwnedRepository } from './entities/owned.repository.ts';
import { type EndableResponse, openScope } from './http/owner.hook.ts';
import { IsolationError } from './isolation.error.ts';
import { type IsolatedRequest, type IsolationOptions, verifiedUser } from './isolation.options.ts';
import { Isolation } from './isolation.service.ts';
import { checkIsolation } from './startup/isolation.check.ts';

const OPTIONS = Symbol('isolation options');

/** The part of Fastify the scope needs; its types belong to the application. */
interface FastifyLike {
  addHook(
    name: 'preHandler',
    hook: (request: IsolatedRequest, reply: { readonly raw: EndableResponse }, done: () => void) => void,
  ): unknown;
}

/** The part of Express the scope needs. */
interface ExpressLike {
  use(middleware: (request: IsolatedRequest, response: EndableResponse, next: () => void) => void): unknown;
}

/** Refuses to start on a database that would not keep rows to their owner. */
class StartupCheck implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly knownPolicies: readonly string[] | undefined,
  ) {}

  onModuleInit(): Promise<void> {
    return checkIsolation(this.dataSource, this.knownPolicies);
  }
}

/** Opens a scope around each request's handler, after its body is read: reading it would lose the scope again. */
@Injectable()
class RequestScopes implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(OPTIONS) private readonly options: IsolationOptions,
  ) {}

  onModuleInit(): void {
    const adapter = this.host.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    if (adapter === undefined) return;
    const ownerOf = this.options.ownerOf ?? verifiedUser;
    if (adapter.getType() === 'fastify') {
      adapter.getInstance<FastifyLike>().addHook('preHandler', (request, reply, done) => openScope(request, reply.raw, ownerOf, done));
    } else {
      adapter.getInstance<ExpressLike>().use((request, response, next) => openScope(request, response, ownerOf, next));
    }
  }
}

/** Row ownership: `forRoot` once, `forFeature([Entity])` in each module that has owned entities. */
@Module({})
export class IsolationModule {
  /** Scopes every request to its verified user. Needs the application's DataSource to be an `IsolatedDataSource`. */
  static forRoot(options: IsolationOptions = {}): DynamicModule {
    return {
      module: IsolationModule,
      global: true,
      providers: [
        { provide: OPTIONS, useValue: options },
        RequestScopes,
        {
          provide: StartupCheck,
          inject: [getDataSourceToken(options.dataSource)],
          useFactory: (dataSource: DataSource) => new StartupCheck(dataSource, options.knownPolicies),
        },
        {
          provide: Isolation,
          inject: [getDataSourceToken(options.dataSource)],
          useFactory: (dataSource: DataSource) => new Isolation(dataSource),
        },
      ],
      exports: [Isolation],
    };
  }

  /** Registers owned entities and their repositories for `@InjectOwnedRepository(Entity)`. */
  static forFeature(entities: OwnedEntityClass[], dataSource?: string): DynamicModule {
    for (const entity of entities) {
      if (!isOwned(entity)) {
        throw new IsolationError(`${entity.name} is not owned: extend OwnedEntity, or register it with TypeOrmModule.forFeature.`);
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
