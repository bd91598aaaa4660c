import type { OpenApiDocument } from './openapi.types.ts';
import { fill, Resources, UncoveredError, unusedLike } from './resources.ts';
import { METHODS, type Method, type Route, routesOf } from './routes.ts';
import { type Answer, comparable, idsIn, type KitUser, Visitor } from './visitor.ts';

/** What a probe may use. */
export interface ProbeContext {
  readonly users: readonly [KitUser, KitUser];
  /** Sends a request; undefined as user sends no credential. */
  send(user: KitUser | undefined, method: Method, path: string, body?: unknown): Promise<Answer>;
  /** Makes a row of `user` by POST to a collection, and returns its id. */
  create(user: KitUser, collection: string): Promise<string>;
}

/** What the kit needs to know of an API. Routes are named as in `GET /api/tasks/{id}`. */
export interface IsolationKitOptions {
  /** Where the API listens. */
  readonly url: string;
  readonly document: OpenApiDocument;
  /** Two signed-in users with no rows in common. */
  readonly users: readonly [KitUser, KitUser];
  /** Routes that anyone may reach without a credential. */
  readonly public?: readonly string[];
  /** Routes whose answers are meant to be the same for all who are signed in. */
  readonly shared?: readonly string[];
  /** Routes that need more than an id in the path; a probe throws when it sees a leak. */
  readonly probes?: Readonly<Record<string, (context: ProbeContext) => Promise<void>>>;
  /** Bodies for routes whose documented examples aren't accepted. */
  readonly samples?: Readonly<Record<string, unknown>>;
}

/** What the kit found. */
export interface IsolationReport {
  /** Leaks, and routes that nothing covers; empty is what a suite expects. */
  readonly problems: readonly string[];
  /** Who may reach which route, a line each: for a file that is reviewed like a permission change. */
  readonly access: string;
}

/**
 * Visits every route of an API as two users, and reports where one could reach what is the other's.
 *
 * - Without a credential every route answers 401, unless it is declared public.
 * - A path with an id, visited by every method with the other user's id, answers 404 exactly as with a missing id, and
 *   the row is untouched; the owner's own visit succeeds, so that the 404 means something.
 * - What two users get from a route without an id has no id in common.
 * - A route that this can't cover is a problem until it is declared public or shared, or has a probe.
 *
 * @example
 * const publicRoutes = ['GET /api/health/live'];
 * const { problems, access } = await inspectIsolation({ url, document, users: [ada, ben], public: publicRoutes });
 * expect(problems).toEqual([]);
 * expectAccess(join(import.meta.dirname, 'access.txt'), access);
 */
export async function inspectIsolation(options: IsolationKitOptions): Promise<IsolationReport> {
  return new Inspection(options).run();
}

/** Width of a path in the access file; fixed, so that a new route changes only its own line. */
const PATH_WIDTH = 44;

class Inspection {
  readonly #problems: string[] = [];
  readonly #visitor: Visitor;
  readonly #resources: Resources;
  readonly #routes: readonly Route[];

  constructor(private readonly options: IsolationKitOptions) {
    this.#visitor = new Visitor(options.url);
    this.#resources = new Resources(this.#visitor, options.document, options.samples ?? {});
    this.#routes = routesOf(options.document);
  }

  async run(): Promise<IsolationReport> {
    this.#findStaleDeclarations();
    const lines: [Route, string][] = [];
    for (const route of this.#routes) lines.push([route, await this.#inspect(route)]);
    for (const path of new Set(this.#routes.filter(({ hasId }) => hasId).map(({ path }) => path)))
      await this.#visitUndocumented(path);
    return {
      problems: this.#problems,
      access: lines
        .map(([{ method, path }, who]) => `${method.padEnd(6)} ${path.padEnd(PATH_WIDTH)}  ${who}\n`)
        .join(''),
    };
  }

  #findStaleDeclarations(): void {
    const { public: open = [], shared = [], probes = {}, samples = {} } = this.options;
    const known = new Set(this.#routes.map(({ name }) => name));
    for (const name of [...open, ...shared, ...Object.keys(probes), ...Object.keys(samples)]) {
      if (!known.has(name)) this.#problems.push(`${name}: is declared, but the document has no such route`);
    }
  }

  async #inspect(route: Route): Promise<string> {
    if (this.options.public?.includes(route.name) === true) {
      if (!route.anonymous)
        this.#problems.push(`${route.name}: is declared public, but the document says it needs a credential`);
      return 'anyone';
    }
    if (route.anonymous) this.#problems.push(`${route.name}: needs no credential; declare it public if that is meant`);
    else await this.#visitWithoutCredential(route);
    if (this.options.shared?.includes(route.name) === true) return 'signed in: the same for all';
    try {
      await this.#visit(route);
    } catch (error) {
      if (!(error instanceof UncoveredError)) throw error;
      this.#problems.push(`${route.name}: is not covered: ${error.message}. Declare it shared, or give it a probe`);
    }
    return `signed in: own rows only${this.options.probes?.[route.name] === undefined ? '' : ' (by a probe)'}`;
  }

  async #visitWithoutCredential({ name, method, path }: Route): Promise<void> {
    const ids = Array.from(path.matchAll(/\{/g), () => '00000000-0000-4000-8000-000000000000');
    const { status } = await this.#visitor.send(undefined, method, fill(path, ids), this.#resources.body(method, path));
    if (status !== 401) this.#problems.push(`${name}: answers ${status} without a credential, not 401`);
  }

  async #visit(route: Route): Promise<void> {
    const probe = this.options.probes?.[route.name];
    if (probe !== undefined) return this.#probe(route, probe);
    if (route.hasId) return this.#visitForeign(route);
    if (route.streams) throw new UncoveredError('it answers with a stream of events');
    if (route.method === 'GET') return this.#compareAnswers(route);
    if (route.method === 'POST' && this.#resources.isCollection(route.path)) return this.#createUnseen(route);
    throw new UncoveredError('it has no id in its path');
  }

  async #probe({ name }: Route, probe: (context: ProbeContext) => Promise<void>): Promise<void> {
    try {
      await probe({
        users: this.options.users,
        send: (user, method, path, body) => this.#visitor.send(user, method, path, body),
        create: (user, collection) => this.#resources.create(user, collection, collection),
      });
    } catch (error) {
      this.#problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** The other user's id and a missing one get the same 404, by a method that works for the owner. */
  async #visitForeign({ name, method, path }: Route): Promise<void> {
    const [owner, stranger] = this.options.users;
    const { path: foreign, ids } = await this.#resources.place(owner, path);
    const body = this.#resources.body(method, path);
    const before = await this.#read(owner, path, foreign);

    await this.#compareWithMissing(name, method, path, ids, body);
    // In a nested path the other user may combine their own collection with the owner's row.
    if (ids.length > 1) {
      const own = await this.#resources.place(stranger, path);
      await this.#compareWithMissing(name, method, path, [...own.ids.slice(0, -1), ids.at(-1) ?? ''], body);
    }

    const after = await this.#read(owner, path, foreign);
    if (after !== before) this.#problems.push(`${name}: ${stranger.name} changed a row of ${owner.name}`);
    const answer = await this.#visitor.send(owner, method, foreign, body);
    if (answer.status >= 400) {
      throw new UncoveredError(
        `the owner's own request answered ${answer.status}, so a 404 proves nothing: give samples['${name}']; ` +
          answer.text.slice(0, 300),
      );
    }
  }

  async #visitUndocumented(path: string): Promise<void> {
    const documented = new Set(this.#routes.filter((route) => route.path === path).map(({ method }) => method));
    const open = new Set([...(this.options.public ?? []), ...(this.options.shared ?? [])]);
    if (this.#routes.some((route) => route.path === path && open.has(route.name))) return;
    const place = await this.#resources.place(this.options.users[0], path).catch(() => undefined);
    if (place === undefined) return;
    for (const method of METHODS.filter((candidate) => !documented.has(candidate))) {
      await this.#compareWithMissing(
        `${method} ${path}`,
        method,
        path,
        place.ids,
        method === 'GET' || method === 'DELETE' ? undefined : {},
        [404, 405],
      );
    }
  }

  /** @param refusals statuses that reveal nothing; a method that the path doesn't have may be 405 as well. */
  async #compareWithMissing(
    name: string,
    method: Method,
    path: string,
    ids: readonly string[],
    body: unknown,
    refusals: readonly number[] = [404],
  ): Promise<void> {
    const [owner, stranger] = this.options.users;
    const missing = [...ids.slice(0, -1), unusedLike(ids.at(-1) ?? '')];
    const foreignAnswer = await this.#visitor.send(stranger, method, fill(path, ids), body);
    const missingAnswer = await this.#visitor.send(stranger, method, fill(path, missing), body);
    if (!refusals.includes(foreignAnswer.status)) {
      this.#problems.push(
        `${name}: answers ${stranger.name} ${foreignAnswer.status} for an id of ${owner.name}, not 404`,
      );
    } else if (comparable(foreignAnswer, ids) !== comparable(missingAnswer, missing)) {
      this.#problems.push(
        `${name}: tells another user's id from a missing one: ${comparable(foreignAnswer, ids)} / ` +
          comparable(missingAnswer, missing),
      );
    }
  }

  async #read(user: KitUser, template: string, path: string): Promise<string | undefined> {
    if (this.options.document.paths[template]?.['get'] === undefined) return undefined;
    return (await this.#visitor.send(user, 'GET', path)).text;
  }

  /** What two users get has no id in common; in a collection each sees the row they made. */
  async #compareAnswers({ name, path }: Route): Promise<void> {
    const made = this.#resources.isCollection(path)
      ? await Promise.all(this.options.users.map((user) => this.#resources.create(user, path, path)))
      : [];
    const answers = await Promise.all(this.options.users.map((user) => this.#visitor.send(user, 'GET', path)));
    const [first = new Set<string>(), second = new Set<string>()] = answers.map(({ json }) => idsIn(json));
    const common = [...first].filter((id) => second.has(id));
    if (common.length > 0)
      this.#problems.push(`${name}: gives both users the same ids: ${common.slice(0, 5).join(', ')}`);
    const unseen = made.filter((id, index) => !(index === 0 ? first : second).has(id));
    if (unseen.length > 0) this.#problems.push(`${name}: does not show a user the row they just made`);
    if (first.size === 0 || second.size === 0) {
      throw new UncoveredError(
        `it answered ${answers.map(({ status }) => status).join(' and ')} without any id to compare`,
      );
    }
  }

  async #createUnseen({ name, path }: Route): Promise<void> {
    const [owner, stranger] = this.options.users;
    const id = await this.#resources.create(owner, path, path);
    if (this.options.document.paths[path]?.['get'] === undefined) return;
    const { json } = await this.#visitor.send(stranger, 'GET', path);
    if (idsIn(json).has(id)) this.#problems.push(`${name}: what ${owner.name} makes, ${stranger.name} sees`);
  }
}
