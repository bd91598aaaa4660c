import { MembershipRepository } from '@session-guard/core';
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AUTH_CONFIG, GUARDS_ALL_ROUTES } from '../auth.constants.ts';
import { authConfig } from '../auth.config.ts';
import { MODULE_OPTIONS_TOKEN, type AuthModuleExtras } from '../auth.module-definition.ts';
import type { AuthModuleOptions } from '../auth.options.ts';
import { registerContexts } from '../contexts/context.registry.ts';
import { SessionEvents } from '../session.events.ts';
import { SessionGuard } from '../session.guard.ts';
import { SessionVerifier } from '../session.verifier.ts';
import { FakeSessionVerifier } from './fake-session.verifier.ts';

/** Nobody signs anything with it: the fake verifier knows tokens only. */
const SECRET = 'nothing-is-ever-signed-with-this-secret';

/**
 * Stands in for `AuthModule` in unit tests of modules that need no database: the real guard and decorators on a
 * {@link FakeSessionVerifier}.
 *
 * @example
 * const verifier = new FakeSessionVerifier();
 * const app = await createTestApp({ imports: [FakeAuthModule.forRoot(verifier), CatsModule] });
 */
@Module({})
export class FakeAuthModule {
  static forRoot(
    verifier: FakeSessionVerifier = new FakeSessionVerifier(),
    { guardAllRoutes = true, ...options }: Partial<AuthModuleOptions> & Pick<AuthModuleExtras, 'guardAllRoutes'> = {},
  ): DynamicModule {
    const complete: AuthModuleOptions = { baseURL: 'http://localhost:3000', secret: SECRET, ...options };
    registerContexts(options.contexts ?? []);
    return {
      module: FakeAuthModule,
      global: true,
      providers: [
        { provide: MODULE_OPTIONS_TOKEN, useValue: complete },
        { provide: GUARDS_ALL_ROUTES, useValue: guardAllRoutes },
        { provide: AUTH_CONFIG, useValue: authConfig(complete) },
        { provide: SessionVerifier, useValue: verifier },
        { provide: FakeSessionVerifier, useExisting: SessionVerifier },
        { provide: SessionEvents, useValue: verifier.events },
        { provide: MembershipRepository, useValue: verifier.memberships },
        SessionGuard,
        ...(guardAllRoutes ? [{ provide: APP_GUARD, useExisting: SessionGuard }] : []),
      ],
      exports: [AUTH_CONFIG, SessionGuard, SessionVerifier, FakeSessionVerifier, SessionEvents, MembershipRepository],
    };
  }
}
