import { DECORATORS } from '@nestjs/swagger';
import type { SharedStatus } from './shared-responses.ts';
import type { SHARED_HEADERS } from './shared-headers.ts';

/** Travels in an operation until `completeDocument` replaces it. */
export const RESPONSE_MARK = 'x-shared-responses';
export const HEADER_MARK = 'x-response-headers';
/** Of an operation without a rate limit, such as a probe: it has neither 429 nor, unless it says so, 503. */
export const UNLIMITED_MARK = 'x-unlimited';

/**
 * Adds shared error responses to an operation beyond those it gets by its shape (401 when guarded, 403, 409 and 422
 * when it writes, 404 with an id in its path, 413 and 415 with a body, 400 with any input, and 429, 500, 503 always).
 * Several add up.
 *
 * @example @ApiProblems(412)
 */
export function ApiProblems(...statuses: readonly SharedStatus[]): MethodDecorator {
  return collect(RESPONSE_MARK, statuses);
}

/** Names shared headers of an operation's successful responses. @example @ApiResponseHeaders('ETag') */
export function ApiResponseHeaders(...names: readonly (keyof typeof SHARED_HEADERS)[]): MethodDecorator {
  return collect(HEADER_MARK, names);
}

/** `@ApiExtension` keeps the first value of a name; these add up, under its own metadata. */
function collect(mark: string, values: readonly unknown[]): MethodDecorator {
  return (_target, _key, descriptor) => {
    const handler: unknown = descriptor.value;
    if (typeof handler !== 'function') return;
    const extensions: Record<string, unknown> = {
      ...(Reflect.getMetadata(DECORATORS.API_EXTENSION, handler) as object | undefined),
    };
    const before = extensions[mark];
    Reflect.defineMetadata(
      DECORATORS.API_EXTENSION,
      { ...extensions, [mark]: [...(Array.isArray(before) ? (before as unknown[]) : []), ...values] },
      handler,
    );
  };
}
