import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { FastifyContextConfig } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its long answers are compressed. */
    isCompressed?: boolean;
    /** It leaves no trace. */
    isUntraced?: boolean;
    /** No limit of requests is counted for it. */
    isUnlimited?: boolean;
  }
}

/**
 * For answers that are long and repeat themselves. The others fit in a packet or two, where compressing costs more than
 * it saves.
 */
export const Compressed = (): ClassDecorator & MethodDecorator => markRoute({ isCompressed: true });

/** For what is asked every few seconds: a trace each would bury the rest. */
export const Untraced = (): ClassDecorator & MethodDecorator => markRoute({ isUntraced: true });

/**
 * Marks a handler, or every handler of a controller, for Fastify's hooks: `route.config` while routes are added,
 * `request.routeOptions.config` afterwards. Marks add up, and a handler's own win over its controller's.
 */
export function markRoute(marks: FastifyContextConfig): ClassDecorator & MethodDecorator {
  return (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (descriptor) {
      setMarks(descriptor.value as object, { ...marksOf(descriptor.value as object), ...marks });
      return;
    }
    for (const handler of handlersOf(target as { prototype: object }))
      setMarks(handler, { ...marks, ...marksOf(handler) });
  };
}

function marksOf(handler: object): FastifyContextConfig | undefined {
  return Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler) as FastifyContextConfig | undefined;
}

function setMarks(handler: object, marks: FastifyContextConfig): void {
  Reflect.defineMetadata(FASTIFY_ROUTE_CONFIG_METADATA, marks, handler);
}

function handlersOf({ prototype }: { prototype: object }): object[] {
  return Object.values(Object.getOwnPropertyDescriptors(prototype))
    .map(({ value }): unknown => value)
    .filter((value) => typeof value === 'function');
}
