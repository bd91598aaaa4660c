import { ConfigurableModuleBuilder } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AUTH_ENTITIES, GUARDS_ALL_ROUTES } from './auth.constants.ts';
import type { AuthModuleOptions } from './auth.options.ts';
import { SessionEntity } from './entities/session.entity.ts';
import { UserEntity } from './entities/user.entity.ts';
import { SessionGuard } from './session.guard.ts';

/** The entity classes in use: the library's own, or a team's subclasses with custom fields. */
export interface AuthEntities {
  readonly session: typeof SessionEntity;
  readonly user: typeof UserEntity;
}

/** Options that shape the module itself, so they are given beside `useFactory`, not by it. */
export interface AuthModuleExtras {
  /** Subclass of {@link UserEntity} with custom fields. */
  readonly userEntity?: typeof UserEntity;
  /** Subclass of {@link SessionEntity} with custom fields. */
  readonly sessionEntity?: typeof SessionEntity;
  /** Guards every route unless it is opened. Default true; with false, use `@UseGuards(SessionGuard)`. */
  readonly guardAllRoutes?: boolean;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<AuthModuleOptions>({ moduleName: 'SessionAuth' })
    .setClassMethodName('forRoot')
    .setExtras<AuthModuleExtras>({}, (definition, { userEntity, sessionEntity, guardAllRoutes = true }) => {
      const entities: AuthEntities = { session: sessionEntity ?? SessionEntity, user: userEntity ?? UserEntity };
      return {
        ...definition,
        global: true,
        // The library's own as well: a session's relation to its user names UserEntity, which no subclass replaces.
        imports: [
          ...(definition.imports ?? []),
          TypeOrmModule.forFeature([...new Set([SessionEntity, UserEntity, entities.session, entities.user])]),
        ],
        providers: [
          ...(definition.providers ?? []),
          { provide: AUTH_ENTITIES, useValue: entities },
          { provide: GUARDS_ALL_ROUTES, useValue: guardAllRoutes },
          ...(guardAllRoutes ? [{ provide: APP_GUARD, useExisting: SessionGuard }] : []),
        ],
      };
    })
    .build();
