import { Inject, Logger, Module, Optional, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { DataSource, type EntityMetadata } from 'typeorm';
import { resolveConfig, type AuthConfig } from './auth.config.ts';
import { AUTH_CONFIG, AUTH_ENTITIES, AUTH_SCHEMA } from './auth.constants.ts';
import { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, type AuthEntities } from './auth.module-definition.ts';
import type { AuthModuleOptions } from './auth.options.ts';
import { registerContexts } from './contexts/context.registry.ts';
import { poolOf } from './database/pool.ts';
import { JwtVerifier } from './jwt/jwt.verifier.ts';
import { SigningKeys } from './jwt/signing-keys.ts';
import { MembershipRepository } from './organization/membership.repository.ts';
import { RevocationChannel } from './revocation/revocation.channel.ts';
import { SessionEvents } from './session.events.ts';
import { SessionGuard } from './session.guard.ts';
import { SessionRepository } from './session.repository.ts';
import { SessionVerifier } from './session.verifier.ts';
import { AuthStartupError } from './startup/auth-startup.error.ts';
import { ruleProblems } from './startup/rule.check.ts';
import { inspectSchema, type AuthSchema } from './startup/schema.inspector.ts';
import { VerdictCache } from './verdicts/verdict.cache.ts';

/** The metadata of an entity class, or a start-up error that says how to register it. */
function metadataOf(dataSource: DataSource, entity: NewableFunction): EntityMetadata {
  if (!dataSource.hasMetadata(entity)) {
    throw new AuthStartupError([
      `${entity.name} isn't registered with TypeORM. Set autoLoadEntities: true in TypeOrmModule.forRoot, or add it to its entities.`,
    ]);
  }
  return dataSource.getMetadata(entity);
}

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
    { provide: AUTH_CONFIG, useFactory: resolveConfig, inject: [MODULE_OPTIONS_TOKEN] },
    {
      provide: AUTH_SCHEMA,
      useFactory: (dataSource: DataSource, { session, user }: AuthEntities, { jwt }: AuthConfig) =>
        inspectSchema(dataSource, metadataOf(dataSource, session), metadataOf(dataSource, user), jwt !== undefined),
      inject: [DataSource, AUTH_ENTITIES, AUTH_CONFIG],
    },
    {
      provide: SessionRepository,
      useFactory: (dataSource: DataSource, { session, user }: AuthEntities, schema: AuthSchema) =>
        new SessionRepository(dataSource, metadataOf(dataSource, session), metadataOf(dataSource, user), schema),
      inject: [DataSource, AUTH_ENTITIES, AUTH_SCHEMA],
    },
    {
      provide: MembershipRepository,
      useFactory: (dataSource: DataSource, { tables }: AuthSchema) =>
        new MembershipRepository(poolOf(dataSource), tables.member),
      inject: [DataSource, AUTH_SCHEMA],
    },
    {
      provide: RevocationChannel,
      useFactory: (
        { announcesRevocations }: AuthSchema,
        dataSource: DataSource,
        { listenUrl, observer }: AuthModuleOptions,
      ) =>
        announcesRevocations
          ? new RevocationChannel(listenUrl ? { connectionString: listenUrl } : poolOf(dataSource).options, observer)
          : undefined,
      inject: [AUTH_SCHEMA, DataSource, MODULE_OPTIONS_TOKEN],
    },
    {
      provide: VerdictCache,
      useFactory: ({ memory }: AuthConfig, channel: RevocationChannel | undefined, repository: SessionRepository) =>
        channel && memory ? new VerdictCache(memory, (packed) => repository.unpack(packed)) : undefined,
      inject: [AUTH_CONFIG, RevocationChannel, SessionRepository],
    },
    {
      provide: SigningKeys,
      useFactory: ({ jwt }: AuthConfig, { hasSigningKeys, tables }: AuthSchema, dataSource: DataSource) =>
        jwt && hasSigningKeys
          ? new SigningKeys(poolOf(dataSource), tables.jwks, jwt.gracePeriod, jwt.algorithms[0] ?? 'EdDSA')
          : undefined,
      inject: [AUTH_CONFIG, AUTH_SCHEMA, DataSource],
    },
    {
      provide: SessionVerifier,
      useFactory: (
        config: AuthConfig,
        repository: SessionRepository,
        keys: SigningKeys | undefined,
        cache: VerdictCache | undefined,
        channel: RevocationChannel | undefined,
        { observer }: AuthModuleOptions,
      ) =>
        new SessionVerifier(
          config,
          repository,
          keys && config.jwt ? new JwtVerifier(keys, config.jwt) : undefined,
          cache && channel ? { cache, channel } : undefined,
          observer,
        ),
      inject: [AUTH_CONFIG, SessionRepository, SigningKeys, VerdictCache, RevocationChannel, MODULE_OPTIONS_TOKEN],
    },
    {
      provide: SessionEvents,
      useFactory: (repository: SessionRepository, channel: RevocationChannel | undefined) =>
        new SessionEvents(repository, channel),
      inject: [SessionRepository, RevocationChannel],
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
    @Inject(RevocationChannel) @Optional() private readonly channel?: RevocationChannel,
    @Inject(VerdictCache) @Optional() private readonly cache?: VerdictCache,
    @Inject(SigningKeys) @Optional() private readonly keys?: SigningKeys,
  ) {
    super();
  }

  /** Connects the revocation channel before the first request. */
  async onModuleInit(): Promise<void> {
    registerContexts(this.options.contexts ?? []);
    const problems = ruleProblems(this.modules, this.schema);
    if (problems.length > 0) throw new AuthStartupError(problems);
    if (!this.schema.announcesRevocations && this.options.cache !== false) {
      this.#logger.warn(
        'The revocation triggers are missing, so every request asks the database. ' +
          'Fix: run installRevocation(queryRunner) of @session-guard/auth in a migration, as the owner of "session" and "user".',
      );
    }
    if (!this.schema.hasSigningKeys && this.options.jwt !== false) {
      this.#logger.log(
        "Better Auth's jwks table is missing, so JWTs are refused. Add its jwt plugin, or set jwt: false.",
      );
    }
    // Memory forgets before anybody else hears of a revocation.
    this.channel?.revocations.subscribe((revocation) => {
      this.cache?.revoke(revocation);
      if (revocation.scope === 'all') this.keys?.clear();
    });
    await this.channel?.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.channel?.stop();
  }
}
