import { Module, type DynamicModule } from '@nestjs/common';
import { ApiMetrics } from './api.metrics.ts';
import { MetricsServer } from './metrics.server.ts';

/** The metrics, made before the modules that feed them. */
@Module({})
export class MetricsModule {
  static forRoot(metrics: ApiMetrics): DynamicModule {
    return {
      module: MetricsModule,
      providers: [{ provide: ApiMetrics, useValue: metrics }, MetricsServer],
      exports: [ApiMetrics],
    };
  }
}
