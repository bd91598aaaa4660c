import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule, guardedRequest } from '@session-guard/auth';
import { createIsolatedDataSource, IsolationModule } from '@session-guard/isolation';
import { apiDataSourceOptions } from './database/data-source.options.ts';
import { EnvModule } from './env.module.ts';
import type { Env } from './env.ts';
import { HealthModule } from './health/health.module.ts';
import { ApiMetrics } from './metrics/api.metrics.ts';
import { MetricsModule } from './metrics/metrics.module.ts';
import { MeModule } from './me/me.module.ts';
import { PagingModule } from './paging/paging.module.ts';
import { AddressStanding } from './rate-limit/address.standing.ts';
import { RateLimitModule } from './rate-limit/rate-limit.module.ts';
import { TasksModule } from './tasks/tasks.module.ts';

/** The features; a team's own modules go here, and are guarded and isolated by being here. */
@Module({ imports: [HealthModule, MeModule, TasksModule] })
export class AppModule {
  /** The features on what they stand on: environment, database, sessions, isolation. */
  static forRoot(env: Env): DynamicModule {
    const metrics = new ApiMetrics();
    const standing = new AddressStanding(env.rateLimit);
    return {
      module: AppModule,
      imports: [
        EnvModule.forRoot(env),
        TypeOrmModule.forRootAsync({
          useFactory: () => ({
            ...apiDataSourceOptions(env.databaseUrl, env.statementTimeoutMs),
            autoLoadEntities: true,
            retryAttempts: 0,
          }),
          dataSourceFactory: createIsolatedDataSource,
        }),
        AuthModule.forRoot({
          baseURL: env.authUrl,
          secrets: env.secrets.map((value, index) => ({ version: env.secrets.length - index, value })),
          // This server may learn of a new secret before the web application signs with it, or after.
          acceptOlderSecrets: true,
          trustedOrigins: env.corsOrigins,
          listenUrl: env.listenUrl,
          observer: metrics,
          lookupLimit: standing,
        }),
        RateLimitModule.forRoot(standing),
        IsolationModule.forRoot({ requestOf: guardedRequest }),
        PagingModule,
        MetricsModule.forRoot(metrics),
      ],
    };
  }
}
