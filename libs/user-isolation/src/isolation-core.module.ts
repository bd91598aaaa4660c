import { type DynamicModule, Inject, Module, type NestModule, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type EndableResponse, openScope } from './context/request.scope.ts';
import { ISOLATION_OPTIONS, type IsolatedRequest, type IsolationOptions, verifiedUser } from './isolation.options.ts';
import { Isolation } from './isolation.service.ts';
import { checkIsolation } from './startup/isolation.check.ts';

const DATA_SOURCE = Symbol('isolated data source');

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

/** Registered once per application: the check at its start, and a scope around every request's handler. */
@Module({})
export class IsolationCoreModule implements NestModule, OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(ISOLATION_OPTIONS) private readonly options: IsolationOptions,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
  ) {}

  static forRoot(options: IsolationOptions): DynamicModule {
    return {
      module: IsolationCoreModule,
      global: true,
      providers: [
        { provide: ISOLATION_OPTIONS, useValue: options },
        { provide: DATA_SOURCE, useExisting: getDataSourceToken(options.dataSource) },
        {
          provide: Isolation,
          inject: [DATA_SOURCE],
          useFactory: (dataSource: DataSource) => new Isolation(dataSource),
        },
      ],
      exports: [Isolation, ISOLATION_OPTIONS],
    };
  }

  /**
   * Opens the scope after the body is read, on Fastify and Express alike: reading the body continues in the socket's
   * async context, not in the request's.
   */
  configure(): void {
    const adapter = this.host.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    if (adapter === undefined) return;
    const ownerOf = this.options.ownerOf ?? verifiedUser;
    if (adapter.getType() === 'fastify') {
      adapter
        .getInstance<FastifyLike>()
        .addHook('preHandler', (request, reply, done) => openScope(request, reply.raw, ownerOf, done));
    } else {
      adapter.getInstance<ExpressLike>().use((request, response, next) => openScope(request, response, ownerOf, next));
    }
  }

  onModuleInit(): Promise<void> {
    return checkIsolation(this.dataSource, {
      policies: this.options.knownPolicies,
      objects: this.options.knownObjects,
    });
  }
}
