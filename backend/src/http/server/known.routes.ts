import type { FastifyInstance } from 'fastify';

/** Which methods a path can be asked with, by the routes Fastify was given: what 405 puts into `Allow`. */
export class KnownRoutes {
  readonly #methods = new Map<string, Set<string>>();
  #patterns: (readonly [RegExp, ReadonlySet<string>])[] | undefined;

  /** Call before any route is added. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ url, method }) => {
      // The preflights' own route knows every path.
      if (url === '*' || url === '/*') return;
      const methods = this.#methods.get(url) ?? new Set();
      for (const name of [method].flat()) methods.add(name);
      this.#methods.set(url, methods);
      this.#patterns = undefined;
    });
  }

  /**
   * @param url a request's, with or without a query
   * @returns sorted; empty for a path that no route has
   */
  methodsOf(url: string): string[] {
    const path = url.split('?', 1)[0] ?? '';
    this.#patterns ??= [...this.#methods].map(([pattern, methods]) => [toRegExp(pattern), methods] as const);
    return [
      ...new Set(this.#patterns.flatMap(([pattern, methods]) => (pattern.test(path) ? [...methods] : []))),
    ].toSorted();
  }
}

function toRegExp(pattern: string): RegExp {
  const segments = pattern.split('/').map((segment) => {
    if (segment.startsWith(':')) return '[^/]+';
    return segment.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*');
  });
  return new RegExp(`^${segments.join('/')}$`);
}
