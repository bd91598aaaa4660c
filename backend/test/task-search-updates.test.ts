import pg from 'pg';
import request from 'supertest';
import { createTestApp, type TestApp } from './app.ts';

let api: TestApp;
let owner: pg.Client;

beforeAll(async () => {
  api = await createTestApp();
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await api.close();
});

it('nobody is left the work of putting another user’s text into the search index', async () => {
  const { bearer } = await api.signUp('Ada');
  const description = Array.from({ length: 5_000 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join('');
  await request(api.url)
    .post('/api/tasks')
    .set('authorization', bearer)
    .send({ title: 'Long', description })
    .expect(201);
  const { rows } = await owner.query<{ pages: string }>(`select gin_clean_pending_list('task_search_idx') as pages`);
  expect(rows).toEqual([{ pages: '0' }]);
  const found = await request(api.url)
    .get(`/api/tasks?q=${encodeURIComponent(description.slice(100, 110))}`)
    .set('authorization', bearer)
    .expect(200);
  expect(found.body.data).toHaveLength(1);
});
