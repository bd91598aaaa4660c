import type { Method } from './routes.ts';

/** One of the two users who are told apart. */
export interface KitUser {
  /** For messages. */
  readonly name: string;
  /** What authenticates them, e.g. `{ authorization: 'Bearer …' }`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What the API answered. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly location: string | undefined;
  /** The body as text. */
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown;
}

const TIMEOUT_MS = 10_000;

/** Sends requests to the API under test. */
export class Visitor {
  constructor(private readonly url: string) {}

  /** @param user undefined sends no credential */
  async send(user: KitUser | undefined, method: Method, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(new URL(path, this.url), {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { ...user?.headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const contentType = response.headers.get('content-type') ?? '';
    if (contentType.startsWith('text/event-stream')) {
      await response.body?.cancel();
      return { status: response.status, contentType, location: undefined, text: '', json: undefined };
    }
    const text = await response.text();
    return {
      status: response.status,
      contentType,
      location: response.headers.get('location') ?? undefined,
      text,
      json: parse(text),
    };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Properties of an error body that differ from request to request. */
const OF_THE_REQUEST = new Set(['requestId', 'instance', 'timestamp']);

/** An answer as it should be the same for a foreign and a missing id: without the id, and what is the request's own. */
export function comparable(answer: Answer, ids: readonly string[]): string {
  const body =
    answer.json === undefined
      ? answer.text
      : JSON.stringify(answer.json, (key, value: unknown) => (OF_THE_REQUEST.has(key) ? undefined : value));
  const anonymous = ids.reduce((text, id) => text.replaceAll(id, '{id}'), body);
  return `${answer.status} ${answer.contentType} ${anonymous}`;
}

/** Every value of a property named `id`, however deep. */
export function idsIn(json: unknown): Set<string> {
  const found = new Set<string>();
  JSON.stringify(json, (key, value: unknown) => {
    if (key === 'id' && (typeof value === 'string' || typeof value === 'number')) found.add(String(value));
    return value;
  });
  return found;
}
