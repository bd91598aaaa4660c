import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspectIsolation, type IsolationKitOptions } from './isolation.kit.ts';

/** What the API under test does wrong. */
interface Faults {
  readonly refusesMethods?: boolean;
  readonly readsAll?: boolean;
  readonly tellsForeign?: boolean;
  readonly writesAll?: boolean;
  readonly listsAll?: boolean;
  readonly open?: boolean;
}

const secured = { security: [{ bearer: [] }] };
const body = {
  content: {
    'application/json': { schema: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } } },
  },
};
const DOCUMENT = {
  paths: {
    '/notes': {
      get: { ...secured, responses: { 200: {} } },
      post: { ...secured, requestBody: body, responses: { 201: {} } },
    },
    '/notes/{id}': {
      get: { ...secured, responses: { 200: {} } },
      patch: { ...secured, requestBody: body, responses: { 200: {} } },
    },
  },
};

function start(faults: Faults): Promise<Server> {
  const notes: { id: string; owner: string; text: string }[] = [];
  const server = createServer((request, response) => {
    let sent = '';
    request.on('data', (chunk: Buffer) => (sent += chunk.toString()));
    request.on('end', () => {
      const answer = (status: number, json: object): void =>
        void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
      const owner = request.headers.authorization ?? (faults.open ? 'anyone' : undefined);
      if (owner === undefined) return answer(401, {});
      const id = request.url?.split('/')[2];
      if (id === undefined && request.method === 'POST') {
        const note = { id: String(1_000 + notes.length), owner, text: 'new' };
        notes.push(note);
        return answer(201, { data: note });
      }
      if (id === undefined)
        return answer(200, { data: notes.filter((note) => faults.listsAll === true || note.owner === owner) });
      const note = notes.find((candidate) => candidate.id === id);
      const may = note?.owner === owner;
      if (note && request.method === 'GET' && (may || faults.readsAll === true)) return answer(200, { data: note });
      if (note && request.method === 'PATCH' && (may || faults.writesAll === true))
        note.text = sent + String(Math.random());
      if (note && request.method === 'PATCH' && may) return answer(200, { data: note });
      if (faults.refusesMethods === true && request.method !== 'GET' && request.method !== 'PATCH')
        return answer(405, { detail: 'other methods' });
      return answer(404, { detail: note && faults.tellsForeign === true ? 'not yours' : 'not found' });
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

async function inspect(faults: Faults, options: Partial<IsolationKitOptions> = {}): Promise<readonly string[]> {
  const server = await start(faults);
  const { port } = server.address() as AddressInfo;
  const users = [
    { name: 'Ada', headers: { authorization: 'ada' } },
    { name: 'Ben', headers: { authorization: 'ben' } },
  ] as const;
  const { problems } = await inspectIsolation({
    url: `http://127.0.0.1:${port}`,
    document: DOCUMENT,
    users,
    ...options,
  });
  server.closeAllConnections();
  server.close();
  return problems;
}

it('an API that isolates → no problem', async () => {
  expect(await inspect({})).toEqual([]);
});

it.each<[string, Faults, RegExp]>([
  ['reading another user’s row', { readsAll: true }, /GET \/notes\/\{id\}: answers Ben 200 for an id of Ada/],
  ['a 404 that tells foreign from missing', { tellsForeign: true }, /tells another user's id from a missing one/],
  ['a change behind a 404', { writesAll: true }, /PATCH \/notes\/\{id\}: Ben changed a row of Ada/],
  ['a list of everyone’s rows', { listsAll: true }, /GET \/notes: gives both users the same ids/],
  ['a route that needs no credential', { open: true }, /answers 200 without a credential, not 401/],
])('%s → a problem', async (_what, faults, message) => {
  expect((await inspect(faults)).join('\n')).toMatch(message);
});

it('a method that the path does not have is refused by 405, alike for every id → no problem', async () => {
  expect(await inspect({ refusesMethods: true })).toEqual([]);
});

it('a route nothing covers → a problem until it is declared', async () => {
  const document = { paths: { ...DOCUMENT.paths, '/report': { post: { ...secured, responses: { 200: {} } } } } };
  expect((await inspect({}, { document })).join()).toMatch(/POST \/report: is not covered/);
  expect((await inspect({}, { document, shared: ['POST /report'] })).join()).not.toMatch(/not covered/);
  expect((await inspect({}, { shared: ['POST /gone'] })).join()).toMatch(
    /POST \/gone: is declared, but the document has no such route/,
  );
});
