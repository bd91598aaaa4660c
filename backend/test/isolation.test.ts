import { join } from 'node:path';
import {
  expectAccess,
  inspectIsolation,
  type IsolationReport,
  type KitUser,
  type OpenApiDocument,
  type ProbeContext,
} from '@session-guard/isolation/testing';
import { ROOT } from '../../scripts/root.ts';
import { createTestApp, type TestApp, type TestUser } from './app.ts';
import { EventReader } from './events.ts';

/** Everything here opens a route; a change is reviewed as one of permissions. */
const PUBLIC = ['GET /api/health/live', 'GET /api/health/ready'];
const SHARED: string[] = [];

let api: TestApp;
let ada: TestUser;
let ben: TestUser;
let report: IsolationReport;

beforeAll(async () => {
  api = await createTestApp();
  ada = await api.signUp('Ada');
  ben = await api.signUp('Ben');
  report = await inspectIsolation({
    url: api.url,
    document: (await (await fetch(`${api.url}/api/openapi.json`)).json()) as OpenApiDocument,
    users: [asKitUser('Ada', ada), asKitUser('Ben', ben)],
    public: PUBLIC,
    shared: SHARED,
    probes: { 'POST /api/tasks/batch': batch, 'GET /api/tasks/events': events },
  });
});
afterAll(() => api.close());

const asKitUser = (name: string, { bearer }: TestUser): KitUser => ({ name, headers: { authorization: bearer } });

/** Operations on another user's task fail as on a missing one. */
async function batch({ users: [owner, stranger], send, create }: ProbeContext): Promise<void> {
  const id = await create(owner, '/api/tasks');
  for (const operation of [
    { op: 'update', id, changes: { title: 'Mine now' } },
    { op: 'delete', id },
    { op: 'restore', id },
  ]) {
    const attempt = async (target: string) => {
      const { status, json } = await send(stranger, 'POST', '/api/tasks/batch', {
        operations: [{ ...operation, id: target }],
      });
      return JSON.stringify({ status, ...(json as object), requestId: undefined });
    };
    expect(await attempt(id)).toBe(await attempt('00000000-0000-4000-8000-000000000000'));
    expect(await attempt(id)).toMatch('"status":404');
  }
  expect((await send(owner, 'GET', `/api/tasks/${id}`)).json).toMatchObject({ data: { version: 1 } });
}

/** A user's stream tells of their own changes only. */
async function events({ users: [owner, stranger], create }: ProbeContext): Promise<void> {
  const reader = await EventReader.open(api, ben);
  try {
    await create(owner, '/api/tasks');
    const own = await create(stranger, '/api/tasks');
    const first = await reader.first('task.created');
    expect(first.data).toMatchObject({ id: own });
  } finally {
    reader.close();
  }
}

it('another user’s id → 404 as for a missing one, on every route and method; lists do not overlap', () => {
  expect(report.problems).toEqual([]);
});

it('who may reach which route is what access.txt says', () => {
  expectAccess(join(ROOT, 'backend/test/access.txt'), report.access, process.env['UPDATE_ACCESS'] === '1');
});
