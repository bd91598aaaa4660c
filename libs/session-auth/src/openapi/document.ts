import { resolveConfig } from '@session-guard/core';
import type { INestApplication } from '@nestjs/common';
import { GUARDS_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { ApiExtension, SwaggerModule, type OpenAPIObject, type SwaggerDocumentOptions } from '@nestjs/swagger';
import { GUARDS_ALL_ROUTES } from '../auth.constants.ts';
import { MODULE_OPTIONS_TOKEN } from '../auth.module-definition.ts';
import type { AuthModuleOptions } from '../auth.options.ts';
import { SessionGuard } from '../session.guard.ts';
import { securityOf, securitySchemes } from './security.ts';

type Handler = (...args: never[]) => unknown;
/** Undefined where the guard doesn't run. */
type Security = ReturnType<typeof securityOf> | undefined;

/** Travels from the handler's metadata into its operation, where {@link createGuardedDocument} takes it off again. */
const MARK = 'x-session-guard-handler';

const marks = new WeakMap<Handler, string>();
let marked = 0;

/**
 * Creates the OpenAPI document with each operation's `security` taken from the guard's own metadata, so that the
 * two can't drift. Replaces `SwaggerModule.createDocument` and takes the same arguments.
 *
 * @throws Error when one inherited handler is guarded differently by two controllers: override it in one of them
 *
 * @example
 * const document = createGuardedDocument(app, new DocumentBuilder().setTitle('My API').build());
 * SwaggerModule.setup('docs', app, document);
 */
export function createGuardedDocument(
  app: INestApplication,
  config: Omit<OpenAPIObject, 'paths'>,
  options?: SwaggerDocumentOptions,
): OpenAPIObject {
  // From the options and not from the module's parts: they exist in Nest's preview mode too, without a database.
  const auth = app.get<AuthModuleOptions>(MODULE_OPTIONS_TOKEN, { strict: false });
  const schemes = securitySchemes(resolveConfig(auth), auth.schemes);
  const security = markHandlers(app, Object.keys(schemes));
  const document = SwaggerModule.createDocument(app, config, options);
  for (const operation of [...operationsOf(document.paths), ...operationsOf(document.webhooks)]) {
    const mark = operation[MARK];
    delete operation[MARK];
    const found = typeof mark === 'string' ? security.get(mark) : undefined;
    if (found) operation['security'] = found;
  }
  const components = document.components ?? {};
  document.components = {
    ...components,
    securitySchemes: { ...schemes, ...components.securitySchemes },
  };
  return document;
}

/** Marks every handler, and returns the security of each mark. */
function markHandlers(app: INestApplication, schemes: readonly string[]): Map<string, Security> {
  const scanner = new MetadataScanner();
  const found = new Map<string, Security>();
  const everyRoute = app.get<boolean>(GUARDS_ALL_ROUTES, { strict: false });
  for (const module of app.get(ModulesContainer).values()) {
    for (const { metatype } of module.controllers.values()) {
      if (typeof metatype !== 'function') continue;
      const controller = metatype as unknown as abstract new () => unknown;
      const prototype = controller.prototype as Record<string, unknown>;
      for (const name of scanner.getAllMethodNames(prototype)) {
        const handler = prototype[name];
        if (typeof handler !== 'function') continue;
        const guarded = everyRoute || usesSessionGuard(handler) || usesSessionGuard(controller);
        const mark = markOf(handler as Handler);
        const security = guarded ? securityOf(handler as Handler, controller, schemes) : undefined;
        if (found.has(mark) && found.get(mark)?.length !== security?.length) {
          throw new Error(
            `${metatype.name}.${name} is inherited, and another controller guards it differently. ` +
              'Override it in one of them, so that each has its own metadata.',
          );
        }
        found.set(mark, security);
      }
    }
  }
  return found;
}

/** Whether `@UseGuards(SessionGuard)`, or a subclass of it, is on a handler or a controller. */
function usesSessionGuard(target: object): boolean {
  const guards = (Reflect.getMetadata(GUARDS_METADATA, target) ?? []) as unknown[];
  return guards.some(
    (guard) => guard === SessionGuard || (typeof guard === 'function' && guard.prototype instanceof SessionGuard),
  );
}

function markOf(handler: Handler): string {
  const known = marks.get(handler);
  if (known) return known;
  const mark = String(++marked);
  marks.set(handler, mark);
  ApiExtension(MARK, mark)({}, handler.name, { value: handler });
  return mark;
}

function operationsOf(paths: object | undefined): Record<string, unknown>[] {
  const items = Object.values(paths ?? {}) as object[];
  return items.flatMap((item) => Object.values(item) as unknown[]).filter((value) => isObject(value));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
