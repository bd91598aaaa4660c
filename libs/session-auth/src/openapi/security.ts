import type { OpenAPIObject } from '@nestjs/swagger';
import type { AuthConfig } from '../auth.config.ts';
import { routeRules } from '../decorators/route-rules.ts';

type SecurityRequirement = Readonly<Record<string, string[]>>;
type SecuritySchemes = NonNullable<NonNullable<OpenAPIObject['components']>['securitySchemes']>;

/** Name of the scheme for `Authorization: Bearer`. */
export const BEARER_SCHEME = 'bearer';
/** Name of the scheme for Better Auth's session cookie. */
export const COOKIE_SCHEME = 'cookie';

/**
 * The OpenAPI security of one handler, by the metadata that the guard itself reads: nothing on anonymous routes, a
 * credential on guarded ones, either on optional ones.
 *
 * @example securityOf(TasksController.prototype.list, TasksController) // [{ bearer: [] }, { cookie: [] }]
 */
export function securityOf(...[handler, controller]: Parameters<typeof routeRules>): SecurityRequirement[] {
  const credentials: SecurityRequirement[] = [{ [BEARER_SCHEME]: [] }, { [COOKIE_SCHEME]: [] }];
  switch (routeRules(handler, controller).access) {
    case 'anonymous':
      return [];
    case 'optional':
      return [{}, ...credentials];
    case 'required':
      return credentials;
  }
}

/** The schemes that {@link securityOf} names, with the cookie's name as configured. */
export function securitySchemes({
  bearer,
  cookieName,
  jwt,
}: Pick<AuthConfig, 'bearer' | 'cookieName' | 'jwt'>): SecuritySchemes {
  const kinds = [
    bearer === 'any' ? 'a session token' : undefined,
    bearer === 'off' ? undefined : 'a signed session token (`set-auth-token`)',
    jwt ? "a JWT of Better Auth's jwt plugin" : undefined,
  ].filter((kind) => kind !== undefined);
  return {
    [BEARER_SCHEME]: {
      type: 'http',
      scheme: 'bearer',
      description: kinds.length > 0 ? `Accepted: ${kinds.join(', ')}.` : 'Not accepted here: use the cookie.',
    },
    [COOKIE_SCHEME]: {
      type: 'apiKey',
      in: 'cookie',
      name: cookieName,
      description: "Better Auth's session cookie. With it, POST, PUT, PATCH and DELETE need a trusted Origin header.",
    },
  };
}
