import { AuthStartupError, composeVerifier, MembershipRepository, SessionRepository } from '@session-guard/core';
import type { AuthSchema, Composition } from '@session-guard/core';
import { Inject, Logger, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { DataSource, type EntityMetadata } from 'typeorm';
import { authConfig, type AuthConfig } from './auth.config.ts';
import { AUTH_CONFIG, AUTH_ENTITIES, AUTH_SCHEMA, COMPOSITION } from './auth.constants.ts';
import { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, type AuthEntities } from './auth.module-definition.ts';
import type { AuthModuleOptions } from './auth.options.ts';
import { registerContexts } from './contexts/context.registry.ts';
import { poolOf } from './database/pool.ts';
import { SessionEvents } from './session.events.ts';
import { SessionGuard } from './session.guard.ts';
import { SessionVerifier } from './session.verifier.ts';
import { ruleProblems } from './startup/rule.check.ts';
import { inspectSchema } from './startup/schema.inspector.ts';

/**
 * Verifies Better Auth sessions for the whole application. Needs a TypeORM data source on the database Better
 * Auth writes to.
 *
 * @example
 * ```ts
 * @Module({
 *   imports: [
 *     TypeOrmModule.forRoot({ type: 'postgres', url: process.env.DATABASE_URL, autoLoadEntities: true }),
 *     AuthModule.forRoot({ baseURL: 'https://app.example.com', secret: process.env.BETTER_AUTH_SECRET }),
 *   ],
 * })
 * export class AppModule {}
 * ```
 * @throws AuthStartupError at start, listing everything that keeps sessions from being verified, with each fix
 */
@Module({
  providers: [
    { provide: AUTH_CONFIG, useFactory: authConfig, inject: [MODULE_OPTIONS_TOKEN] },
    {
      provide: AUTH_SCHEMA,
      useFactory: (dataSource: DataSource, { session, user }: AuthEntities, { jwt }: AuthConfig) =>
        inspectSchema(dataSource, metadataOf(dataSource, session), metadataOf(dataSource, user), jwt !== null),
      inject: [DataSource, AUTH_ENTITIES, AUTH_CONFIG],
    },
    {
      provide: COMPOSITION,
      useFactory: (options: AuthModuleOptions, dataSource: DataSource, schema: AuthSchema) =>
        composeVerifier(options, {
          pool: poolOf(dataSource),
          schema,
          log: new Logger('SessionGuard'),
          // To TypeORM's log goes the statement, with its values left out: they may be tokens.
          logStatement: (sql) => void dataSource.logger.logQuery(sql, ['<credentials>']),
        }),
      inject: [MODULE_OPTIONS_TOKEN, DataSource, AUTH_SCHEMA],
    },
    { provide: SessionVerifier, useFactory: ({ verifier }: Composition) => verifier, inject: [COMPOSITION] },
    { provide: SessionRepository, useFactory: ({ sessions }: Composition) => sessions, inject: [COMPOSITION] },
    { provide: MembershipRepository, useFactory: ({ memberships }: Composition) => memberships, inject: [COMPOSITION] },
    {
      provide: SessionEvents,
      useFactory: ({ sessions, feed }: Composition) => new SessionEvents(sessions, feed),
      inject: [COMPOSITION],
    },
    SessionGuard,
  ],
  exports: [AUTH_CONFIG, SessionGuard, SessionVerifier, SessionEvents, SessionRepository, MembershipRepository],
})
export class AuthModule extends ConfigurableModuleClass implements OnModuleInit, OnModuleDestroy {
  readonly #logger = new Logger('SessionGuard');

  constructor(
    @Inject(MODULE_OPTIONS_TOKEN) private readonly options: AuthModuleOptions,
    @Inject(AUTH_SCHEMA) private readonly schema: AuthSchema,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
    @Inject(COMPOSITION) private readonly composition: Composition,
  ) {
    super();
  }

  /** Connects the revocation feed before the first request. */
  async onModuleInit(): Promise<void> {
    registerContexts(this.options.contexts ?? []);
    const problems = ruleProblems(this.modules, this.schema);
    if (problems.length > 0) throw new AuthStartupError(problems);
    this.#explainWhatIsMissing();
    await this.composition.feed.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.composition.feed.stop();
  }

  #explainWhatIsMissing(): void {
    const { cache, jwt, revocations } = this.options;
    if (!this.schema.announcesRevocations && !revocations && cache !== false) {
      this.#logger.warn(
        'The revocation triggers are missing, so every request asks the database. Fix: run ' +
          'installRevocation(queryRunner) of @session-guard/auth in a migration, as the owner of "session" and "user".',
      );
    }
    if (this.schema.signingKeys === null && jwt !== false) {
      this.#logger.log(
        "Better Auth's jwks table is missing, so JWTs are refused. Add its jwt plugin, or set jwt: false.",
      );
    }
  }
}

/** The metadata of an entity class, or a start-up error that says how to register it. */
function metadataOf(dataSource: DataSource, entity: NewableFunction): EntityMetadata {
  if (!dataSource.hasMetadata(entity)) {
    throw new AuthStartupError([
      `${entity.name} isn't registered with TypeORM. ` +
        'Set autoLoadEntities: true in TypeOrmModule.forRoot, or add it to its entities.',
    ]);
  }
  return dataSource.getMetadata(entity);
}
