import type { OpenApiDocument, OpenApiOperation } from './openapi.types.ts';

/** The methods that every path with an id is visited by, documented or not. */
export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
/** One of {@link METHODS}. */
export type Method = (typeof METHODS)[number];

/** One documented operation. */
export interface Route {
  /** `GET /api/tasks/{id}`: how routes are declared and reported. */
  readonly name: string;
  readonly method: Method;
  /** The path's template. */
  readonly path: string;
  readonly operation: OpenApiOperation;
  /** Whether the document says that it needs no credential. */
  readonly anonymous: boolean;
  readonly hasId: boolean;
  /** Whether it answers with a stream of events, which never ends. */
  readonly streams: boolean;
}

/** Every documented operation, by path. */
export function routesOf(document: OpenApiDocument): Route[] {
  return Object.entries(document.paths)
    .flatMap(([path, item]) =>
      METHODS.flatMap((method) =>
        routeOf(document, path, method, item[method.toLowerCase()] as OpenApiOperation | undefined),
      ),
    )
    .toSorted((a, b) => a.path.localeCompare(b.path, 'en') || METHODS.indexOf(a.method) - METHODS.indexOf(b.method));
}

function routeOf(
  document: OpenApiDocument,
  path: string,
  method: Method,
  operation: OpenApiOperation | undefined,
): Route[] {
  if (operation === undefined) return [];
  const security = operation.security ?? document.security ?? [];
  return [
    {
      name: `${method} ${path}`,
      method,
      path,
      operation,
      anonymous: !security.some((requirement) => Object.keys(requirement).length > 0),
      hasId: path.includes('{'),
      streams: Object.values(operation.responses).some((response) => 'text/event-stream' in (response.content ?? {})),
    },
  ];
}
