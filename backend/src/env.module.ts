import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Env } from './env.ts';

/** Injects the parsed environment: `@Inject(ENV) env: Env`. */
export const ENV = Symbol('environment');

@Global()
@Module({})
export class EnvModule {
  static forRoot(env: Env): DynamicModule {
    return { module: EnvModule, providers: [{ provide: ENV, useValue: env }], exports: [ENV] };
  }
}
