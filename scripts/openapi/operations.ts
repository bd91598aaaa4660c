import type { OpenAPIObject } from '@nestjs/swagger';

/** The parts of a schema that examples are made from. */
export interface ExampleSchema {
  readonly $ref?: string;
  readonly example?: unknown;
  readonly default?: unknown;
  readonly format?: string;
  readonly type?: string | readonly string[];
  readonly oneOf?: readonly ExampleSchema[];
  readonly items?: ExampleSchema;
  readonly properties?: Readonly<Record<string, ExampleSchema>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema?: ExampleSchema;
}

/** One route and method of the document. */
export interface DocumentedOperation {
  readonly path: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly operation: { readonly operationId?: string; readonly summary?: string; readonly description?: string };
  readonly parameters: readonly Parameter[];
  /** Schema of the JSON body. */
  readonly body: ExampleSchema | undefined;
  readonly guarded: boolean;
  /** Whether the answer is a stream of events. */
  readonly streams: boolean;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const EXAMPLE_ID = '0198b5c2-7d3f-7a10-9c41-5d2f3c1e8a77';

/** Every operation, in the document's order. */
export function operationsOf(document: OpenAPIObject): DocumentedOperation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method): DocumentedOperation[] => {
      const operation = item[method];
      if (!operation) return [];
      const { requestBody } = operation;
      const ok = operation.responses['200'];
      return [
        {
          path,
          method,
          operation,
          parameters: (operation.parameters ?? []) as Parameter[],
          body: requestBody && 'content' in requestBody ? requestBody.content['application/json']?.schema : undefined,
          guarded: (operation.security ?? []).length > 0,
          streams: ok !== undefined && 'content' in ok && ok.content !== undefined && 'text/event-stream' in ok.content,
        },
      ];
    }),
  );
}

/** A value as the document's examples spell it. */
export function exampleOf(document: OpenAPIObject, schema: ExampleSchema | undefined): unknown {
  if (!schema) return undefined;
  if (schema.$ref !== undefined)
    return exampleOf(document, document.components?.schemas?.[schema.$ref.replace('#/components/schemas/', '')]);
  if (schema.example !== undefined) return schema.example;
  if (schema.format === 'uuid') return EXAMPLE_ID;
  if (schema.items)
    return schema.items.oneOf
      ? schema.items.oneOf.map((choice) => exampleOf(document, choice))
      : [exampleOf(document, schema.items)];
  if (schema.oneOf) return exampleOf(document, schema.oneOf[0]);
  if (schema.properties)
    return Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [name, exampleOf(document, property)]),
    );
  return schema.default;
}

/** An example of a path parameter; its name in braces where the document has none. */
export function pathExample(document: OpenAPIObject, parameters: readonly Parameter[], name: string): string {
  const example = exampleOf(document, parameters.find((parameter) => parameter.name === name)?.schema);
  return typeof example === 'string' ? example : `{{${name}}}`;
}
