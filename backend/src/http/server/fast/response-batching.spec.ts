import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';
import Fastify, { type FastifyInstance } from 'fastify';
import { batchResponses } from './response-batching.ts';

const scope = new AsyncLocalStorage<string>();
const USERS = ['ada', 'grace', 'hedy'];

let fastify: FastifyInstance;
let url: string;
/** What happened to each answer, in order. */
let events: string[];
/** The scope in which each answer left, by the user it belongs to. */
let scopes: Map<string, string | undefined>;
let together: PromiseWithResolvers;

interface PromiseWithResolvers {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

/** Resolves for everybody when everybody has come. */
function meeting(): PromiseWithResolvers {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

beforeEach(async () => {
  events = [];
  scopes = new Map();
  together = meeting();
  let waiting = 0;
  fastify = Fastify();
  fastify.addHook('onRequest', (request, _reply, done) => scope.run(String(request.headers['x-user']), done));
  fastify.addHook('onSend', (request, _reply, payload, done) => {
    events.push(`${String(request.headers['x-user'])} made`);
    done(null, payload);
  });
  batchResponses(fastify);
  fastify.addHook('onSend', (request, _reply, payload, done) => {
    events.push(`${String(request.headers['x-user'])} leaves`);
    scopes.set(String(request.headers['x-user']), scope.getStore());
    done(null, payload);
  });
  fastify.get('/together', async () => {
    waiting += 1;
    if (waiting === USERS.length) together.resolve();
    await together.promise;
    return { user: scope.getStore() };
  });
  fastify.get('/stream', (_request, reply) =>
    reply.type('text/plain').send(
      Readable.from(
        (async function* read() {
          yield await Promise.resolve(`read as ${scope.getStore()}`);
        })(),
      ),
    ),
  );
  url = await fastify.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(() => fastify.close());

const get = (path: string, user: string): Promise<string> =>
  fetch(url + path, { headers: { 'x-user': user } }).then((response) => response.text());

it('answers made in one turn leave at its end, in their order, each to its own user', async () => {
  const answers = await Promise.all(USERS.map((user) => get('/together', user)));
  expect(answers).toEqual(USERS.map((user) => JSON.stringify({ user })));
  const order = events.slice(0, USERS.length).map((event) => event.replace(' made', ''));
  expect([...order].sort()).toEqual([...USERS].sort());
  expect(events).toEqual([...order.map((user) => `${user} made`), ...order.map((user) => `${user} leaves`)]);
});

it('no answer leaves in the scope of another user', async () => {
  await Promise.all(USERS.map((user) => get('/together', user)));
  expect(scopes.size).toBe(USERS.length);
  for (const [user, found] of scopes) expect([undefined, user]).toContain(found);
});

it('a stream is read as the user it is for, beside others', async () => {
  const [streamed] = await Promise.all([get('/stream', 'lise'), ...USERS.map((user) => get('/together', user))]);
  expect(streamed).toBe('read as lise');
});
