import type { AuthSchema } from '@session-guard/core';
import { MetadataScanner, type ModulesContainer } from '@nestjs/core';
import { routeRules, type RouteRules } from '../decorators/route-rules.ts';

interface Rule {
  readonly decorator: string;
  readonly isUsed: (rules: RouteRules) => boolean;
  /** Why the rule can't be judged in this database; undefined when it can. */
  readonly problem: (schema: AuthSchema) => string | undefined;
}

const RULES: readonly Rule[] = [
  {
    decorator: '@DisallowImpersonation()',
    isUsed: ({ noImpersonation }) => noImpersonation,
    problem: (schema) => absence(schema, 'session', 'impersonatedBy', 'admin'),
  },
  {
    decorator: '@Roles()',
    isUsed: ({ roles }) => roles !== undefined,
    problem: (schema) => absence(schema, 'user', 'role', 'admin'),
  },
  {
    decorator: '@RequireActiveOrg()',
    isUsed: ({ activeOrganization }) => activeOrganization,
    problem: (schema) => absence(schema, 'session', 'activeOrganizationId', 'organization'),
  },
  {
    decorator: '@OrgRoles()',
    isUsed: ({ organizationRoles }) => organizationRoles !== undefined,
    problem: (schema) =>
      absence(schema, 'session', 'activeOrganizationId', 'organization') ?? schema.memberProblem ?? undefined,
  },
];

/**
 * Finds decorators that judge by something this database doesn't have: such a rule would let everybody pass, or nobody,
 * in silence.
 *
 * @returns a problem for each decorator, with the handlers that carry it and the fix
 */
export function ruleProblems(modules: ModulesContainer, schema: AuthSchema): string[] {
  const handlers = [...handlersOf(modules)];
  return RULES.flatMap(({ decorator, isUsed, problem }) => {
    const reason = problem(schema);
    const used = reason === undefined ? [] : handlers.filter(({ rules }) => isUsed(rules)).map(({ name }) => name);
    return used.length > 0 ? [`${decorator} of ${[...new Set(used)].join(', ')} can't be judged. ${reason}`] : [];
  });
}

/** Every method of every controller, resolver and gateway. */
function* handlersOf(modules: ModulesContainer): Iterable<{ readonly name: string; readonly rules: RouteRules }> {
  const scanner = new MetadataScanner();
  for (const { controllers, providers } of modules.values()) {
    for (const { metatype } of [...controllers.values(), ...providers.values()]) {
      const prototype = (metatype as { readonly prototype?: Record<string, () => unknown> } | null)?.prototype;
      if (typeof metatype !== 'function' || !prototype) continue;
      for (const method of scanner.getAllMethodNames(prototype)) {
        const handler = prototype[method];
        if (handler)
          yield { name: `${metatype.name}.${method}`, rules: routeRules(handler, metatype as new () => unknown) };
      }
    }
  }
}

function absence(schema: AuthSchema, table: 'session' | 'user', property: string, plugin: string): string | undefined {
  if (!schema[table].absent.includes(property)) return undefined;
  return (
    `The column "${table}"."${property}" isn't there. ` +
    `Add Better Auth's ${plugin} plugin and run its migrations, or take the decorator off.`
  );
}
