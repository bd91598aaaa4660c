import { randomBytes, randomUUID } from 'node:crypto';
import type { OpenApiDocument, OpenApiOperation } from './openapi.types.ts';
import { sampleBody } from './sample.ts';
import { type Answer, idsIn, type KitUser, type Visitor } from './visitor.ts';

/** A path with its ids filled in. */
export interface Place {
  readonly path: string;
  /** One for each parameter, in their order. */
  readonly ids: readonly string[];
}

/** The kit can't reach a route by itself; the message says why and what to do. */
export class UncoveredError extends Error {
  override readonly name = 'UncoveredError';
}

/** Makes rows through the API itself, by POST to their collection. */
export class Resources {
  constructor(
    private readonly visitor: Visitor,
    private readonly document: OpenApiDocument,
    private readonly samples: Readonly<Record<string, unknown>>,
  ) {}

  /** The body the kit sends to a route. */
  body(method: string, path: string): unknown {
    const operation = this.document.paths[path]?.[method.toLowerCase()] as OpenApiOperation | undefined;
    return this.samples[`${method} ${path}`] ?? sampleBody(this.document, operation);
  }

  /** Whether a path is a collection: its POST makes rows. */
  isCollection(path: string): boolean {
    const post = this.document.paths[path]?.['post'] as OpenApiOperation | undefined;
    return post?.responses['201'] !== undefined;
  }

  /**
   * Makes a row of `user` in the collection at `template`, whose own ids are already filled in `path`.
   *
   * @returns its id
   * @throws {UncoveredError} when the API refuses, or doesn't say the id
   */
  async create(user: KitUser, template: string, path: string): Promise<string> {
    if (!this.isCollection(template)) {
      throw new UncoveredError(`no "POST ${template}" that answers 201 makes a row to visit`);
    }
    const answer = await this.visitor.send(user, 'POST', path, this.body('POST', template));
    const id = idOf(answer);
    if (answer.status !== 201 || id === undefined) {
      throw new UncoveredError(
        `POST ${path} answered ${answer.status} to the sample body: give samples['POST ${template}']; ` +
          answer.text.slice(0, 300),
      );
    }
    return id;
  }

  /** Fills a path's parameters with new rows of `user`, each in the collection before it. */
  async place(user: KitUser, template: string): Promise<Place> {
    const ids: string[] = [];
    const segments = template.split('/');
    for (const [index, segment] of segments.entries()) {
      if (!segment.startsWith('{')) continue;
      const collection = segments.slice(0, index).join('/');
      ids.push(await this.create(user, collection, fill(collection, ids)));
    }
    return { path: fill(template, ids), ids };
  }
}

/** A template with its parameters replaced, in their order. */
export function fill(template: string, ids: readonly string[]): string {
  let next = 0;
  return template.replaceAll(/\{[^}]+\}/g, () => encodeURIComponent(ids[next++] ?? ''));
}

/** An id of the same form that no row has. */
export function unusedLike(id: string): string {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return randomUUID();
  if (/^\d+$/.test(id)) return '2147483646';
  return randomBytes(id.length).toString('base64url').replaceAll(/[-_]/g, 'x').slice(0, id.length);
}

function idOf({ json, location }: Answer): string | undefined {
  const body = json as { id?: unknown; data?: { id?: unknown } } | undefined;
  const id = body?.data?.id ?? body?.id ?? location?.split('/').at(-1) ?? [...idsIn(json)][0];
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}
