import type { OpenAPIObject } from '@nestjs/swagger';
import { HEADER_MARK, RESPONSE_MARK, UNLIMITED_MARK } from './api-responses.decorator.ts';
import { EVERYWHERE, LIMITED, SHARED_HEADERS } from './shared-headers.ts';
import { SHARED_RESPONSES, sharedResponseComponents, type SharedStatus } from './shared-responses.ts';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
type Path = OpenAPIObject['paths'][string];
type Operation = NonNullable<Path['get']>;
type Method = (typeof METHODS)[number];

/**
 * Adds what every operation has and no controller should have to say: error responses by the operation's shape,
 * common headers, and closed request bodies.
 */
export function completeDocument(document: OpenAPIObject): OpenAPIObject {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) completeOperation(path, method, operation);
    }
  }
  const components = { ...document.components };
  document.components = components;
  components.responses = used(document, 'responses', sharedResponseComponents());
  components.headers = used(document, 'headers', SHARED_HEADERS);
  closeRequestBodies(document);
  return document;
}

function completeOperation(path: string, method: Method, operation: Operation): void {
  const marks: Record<string, unknown> = { ...operation };
  Reflect.deleteProperty(operation, RESPONSE_MARK);
  Reflect.deleteProperty(operation, HEADER_MARK);
  Reflect.deleteProperty(operation, UNLIMITED_MARK);
  const isLimited = marks[UNLIMITED_MARK] !== true;
  const own = numbers(marks[RESPONSE_MARK]);
  const headers = [...EVERYWHERE, ...(isLimited ? LIMITED : []), ...strings(marks[HEADER_MARK])];
  for (const [status, response] of Object.entries(operation.responses)) {
    if (response && !('$ref' in response) && Number(status) < 400) {
      response.headers = {
        ...Object.fromEntries(headers.map((name) => [name, { $ref: `#/components/headers/${name}` }])),
        ...response.headers,
      };
    }
  }
  leaveOutExamples(operation);
  for (const status of [...sharedStatuses(path, method, operation, isLimited), ...own].toSorted((a, b) => a - b)) {
    if (isShared(status))
      operation.responses[status] ??= { $ref: `#/components/responses/${SHARED_RESPONSES[status].name}` };
  }
}

/** Swagger UI sends the examples of optional parameters each time: the same key twice, a list filtered to nothing. */
function leaveOutExamples(operation: Operation): void {
  for (const parameter of operation.parameters ?? []) {
    if ('$ref' in parameter || parameter.required === true) continue;
    for (const holder of [parameter, parameter.schema ?? {}]) {
      Reflect.deleteProperty(holder, 'example');
      Reflect.deleteProperty(holder, 'examples');
    }
  }
}

/** The errors an operation can have by its shape alone. */
function sharedStatuses(path: string, method: Method, operation: Operation, isLimited: boolean): SharedStatus[] {
  const guarded = (operation.security ?? []).some((requirement) => Object.keys(requirement).length > 0);
  const writes = guarded && method !== 'get';
  const hasInput = operation.requestBody !== undefined || (operation.parameters ?? []).length > 0;
  return [
    ...(hasInput || writes ? ([400] as const) : []),
    ...(guarded ? ([401] as const) : []),
    ...(writes ? ([403] as const) : []),
    ...(path.includes('{') ? ([404] as const) : []),
    // What the database may say of a row that is written: a broken unique key, a reference to nothing.
    ...(writes ? ([409] as const) : []),
    ...(writes && method !== 'delete' ? ([422] as const) : []),
    ...(operation.requestBody === undefined ? [] : ([413, 415] as const)),
    500,
    ...(isLimited ? ([429, 503] as const) : []),
  ];
}

function isShared(status: number): status is SharedStatus {
  return status in SHARED_RESPONSES;
}

/** Unknown properties are refused, and the document says so. */
function closeRequestBodies(document: OpenAPIObject): void {
  const schemas = document.components?.schemas ?? {};
  const bodies = Object.values(document.paths).flatMap((item) => METHODS.map((method) => item[method]?.requestBody));
  const pending = [...references(bodies)];
  const seen = new Set<string>();
  for (let reference = pending.pop(); reference !== undefined; reference = pending.pop()) {
    const name = reference.replace('#/components/schemas/', '');
    const schema = schemas[name];
    if (seen.has(name) || !schema || '$ref' in schema) continue;
    seen.add(name);
    if (schema.type === 'object') schema.additionalProperties = false;
    pending.push(...references(schema));
  }
}

/** Every `$ref` below a value. */
function references(value: unknown): Set<string> {
  const found = new Set<string>();
  JSON.stringify(value, (key, inner: unknown) => {
    if (key === '$ref' && typeof inner === 'string') found.add(inner);
    return inner;
  });
  return found;
}

/** The components that something in the document refers to. */
function used<T extends object>(
  document: OpenAPIObject,
  kind: string,
  all: Readonly<Record<string, T>>,
): Record<string, T> {
  const found = references(document);
  return Object.fromEntries(Object.entries(all).filter(([name]) => found.has(`#/components/${kind}/${name}`)));
}

function numbers(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((item): item is number => typeof item === 'number') : [];
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
