/** As much of an OpenAPI 3 document as the kit reads. */
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, OpenApiPath>>;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> };
}

/** One path's operations, by lower-case method; other keys are ignored. */
export type OpenApiPath = Readonly<Record<string, unknown>>;

/** One operation. */
export interface OpenApiOperation {
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly unknown[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, OpenApiMedia>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

/** A body of one content type. */
export interface OpenApiMedia {
  readonly schema?: unknown;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value?: unknown }>>;
}

/** As much of a schema as a sample is made from. */
export interface OpenApiSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
  readonly items?: unknown;
  readonly allOf?: readonly unknown[];
  readonly oneOf?: readonly unknown[];
  readonly anyOf?: readonly unknown[];
}
