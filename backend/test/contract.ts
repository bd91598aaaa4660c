import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createOpenApiDocument } from '../src/openapi/document.ts';

/** What a response breaks of the contract. */
export interface Violation {
  readonly request: string;
  readonly problem: string;
}

type Responses = NonNullable<NonNullable<OpenAPIObject['paths'][string]['get']>['responses']>;
type Response = Exclude<Responses[string], { $ref: string } | undefined>;

/**
 * Checks responses against the OpenAPI document: the status is documented, the type is its type, the body has exactly
 * the documented properties, the required headers are there.
 */
export class Contract {
  readonly violations: Violation[] = [];
  /** Responses checked so far. */
  checked = 0;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true, discriminator: false, validateFormats: true });

  constructor(readonly document: OpenAPIObject) {
    formats.default(this.#ajv);
    this.#ajv.addSchema({ $id: 'openapi', ...closed(document) });
  }

  /** Attaches to an application that does not listen yet: every response it then sends is checked. */
  static watch(app: NestFastifyApplication): Contract {
    const contract = new Contract(createOpenApiDocument(app));
    const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
    fastify.addHook('onSend', (request, reply, payload, done) => {
      contract.#look(request, reply, payload);
      done(null, payload);
    });
    return contract;
  }

  /** @throws Error listing what was broken */
  assert(): void {
    if (this.violations.length === 0) return;
    const distinct = [...new Set(this.violations.map(({ request, problem }) => `${request}: ${problem}`))];
    throw new Error(
      `${this.violations.length} responses break the OpenAPI document:\n${distinct.slice(0, 20).join('\n')}`,
    );
  }

  #look(request: FastifyRequest, reply: FastifyReply, payload: unknown): void {
    const path = request.routeOptions.url?.replaceAll(/:(\w+)/g, '{$1}') ?? '';
    const method = request.method === 'HEAD' ? 'get' : request.method.toLowerCase();
    if (method === 'options' || path.startsWith('/api/docs') || path.startsWith('/api/openapi')) return;
    const text =
      typeof payload === 'string' ? payload : payload instanceof Uint8Array ? Buffer.from(payload).toString() : '';
    this.check({
      method,
      path,
      isHead: request.method === 'HEAD',
      status: reply.statusCode,
      headers: reply.getHeaders(),
      text,
    });
  }

  /** Checks one response; `path` as the document spells it, anything else is an unknown route. */
  check({
    method,
    path,
    status,
    headers,
    text,
    isHead,
  }: {
    method: string;
    path: string;
    status: number;
    headers: Readonly<Record<string, unknown>>;
    text: string;
    isHead: boolean;
  }): void {
    this.checked += 1;
    const complain = (problem: string): void =>
      void this.violations.push({ request: `${method.toUpperCase()} ${path || '(no route)'} ${status}`, problem });
    const item: Readonly<Record<string, unknown>> = { ...this.document.paths[path] };
    const operation = item[method];
    const type = textOf(headers['content-type']).split(';')[0] ?? '';
    if (!isOperation(operation)) {
      if (![400, 404, 405, 429].includes(status)) complain('an unknown route answers 400, 404, 405 or 429');
      this.#validate('#/components/schemas/Problem', text, complain);
      return;
    }
    const found = operation.responses[status];
    const pointer = found && '$ref' in found ? found.$ref : `#/paths/${escape(path)}/${method}/responses/${status}`;
    const response = found && '$ref' in found ? this.#resolve(found.$ref) : found;
    if (!response) return complain('the status is not documented');
    this.#checkHeaders(response, headers, complain);
    const media = Object.keys(response.content ?? {});
    if (media.length === 0) return text === '' ? undefined : complain('there should be no body');
    if (!media.includes(type)) return complain(`the type is ${type || 'none'} and not ${media.join(' or ')}`);
    if (isHead || type === 'text/event-stream') return;
    this.#validate(`${pointer}/content/${escape(type)}/schema`, text, complain);
    if (status >= 400 && JSON.parse(text).status !== status) complain('the status in the body is another one');
  }

  #checkHeaders(
    response: Response,
    headers: Readonly<Record<string, unknown>>,
    complain: (problem: string) => void,
  ): void {
    for (const [name, header] of Object.entries(response.headers ?? {})) {
      const definition = '$ref' in header ? this.#resolve(header.$ref) : header;
      const value = headers[name.toLowerCase()];
      if (value === undefined && definition?.required) complain(`the header ${name} is missing`);
      if (value === undefined || !definition?.schema) continue;
      const numeric = 'type' in definition.schema && definition.schema.type === 'integer';
      if (!this.#ajv.validate(definition.schema, numeric ? Number(value) : value))
        complain(`the header ${name} is ${textOf(value)}`);
    }
  }

  #validate(pointer: string, text: string, complain: (problem: string) => void): void {
    const validate = this.#ajv.getSchema(`openapi${pointer}`);
    if (!validate) return complain(`no schema at ${pointer}`);
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      return complain(`the body is no JSON: ${text.slice(0, 80)}`);
    }
    if (!validate(body)) complain(this.#ajv.errorsText(validate.errors, { dataVar: 'body' }));
  }

  #resolve(reference: string): (Response & { required?: boolean; schema?: object }) | undefined {
    let value: unknown = this.document;
    for (const part of reference.slice(2).split('/'))
      value =
        typeof value === 'object' && value !== null
          ? Reflect.get(value, part.replaceAll('~1', '/').replaceAll('~0', '~'))
          : undefined;
    return value as (Response & { required?: boolean; schema?: object }) | undefined;
  }
}

function isOperation(value: unknown): value is { responses: Responses } {
  return typeof value === 'object' && value !== null && 'responses' in value;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? '');
}

function escape(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** A copy whose objects allow the properties they name and no others: what is not documented fails. */
function closed(document: OpenAPIObject): OpenAPIObject {
  return JSON.parse(JSON.stringify(document), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && 'type' in value && value.type === 'object' && 'properties' in value
      ? { additionalProperties: false, ...value }
      : value,
  ) as OpenAPIObject;
}
