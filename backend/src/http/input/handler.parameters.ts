import type { INestApplicationContext, Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';

/** Nest's `RouteParamtypes` of what a client sends; they key a handler's parameters as `<type>:<index>`. */
export const ParameterKind = { body: 3, query: 4, path: 5 } as const;

/** What Nest keeps of a parameter; what is assigned here holds for the routes that are made later. */
export interface ParameterMetadata {
  readonly index: number;
  /** The name of one value, such as 'id' of `@Param('id')`. */
  readonly data?: unknown;
  pipes: readonly unknown[];
}

export interface Parameter {
  /** One of {@link ParameterKind}, or another number of Nest's; NaN for a custom decorator. */
  readonly kind: number;
  readonly metadata: ParameterMetadata;
}

export interface Handler {
  readonly controller: Type<unknown>;
  readonly method: string;
  readonly parameters: readonly Parameter[];
}

/** Every handler of the application's controllers that has parameters with decorators. */
export function handlersOf(app: INestApplicationContext): Handler[] {
  const modules = [...app.get(ModulesContainer).values()];
  const controllers = new Set(
    modules.flatMap((module) => [...module.controllers.values()].map((host) => host.metatype)),
  );
  return [...controllers].flatMap((controller) =>
    typeof controller === 'function' ? handlersOfController(controller as Type<unknown>) : [],
  );
}

function handlersOfController(controller: Type<unknown>): Handler[] {
  return new MetadataScanner().getAllMethodNames(controller.prototype as object).flatMap((method) => {
    const metadata: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method);
    if (typeof metadata !== 'object' || metadata === null) return [];
    const parameters = Object.entries(metadata as Record<string, ParameterMetadata>).map(([key, parameter]) => ({
      kind: Number(key.split(':')[0]),
      metadata: parameter,
    }));
    return [{ controller, method, parameters }];
  });
}
