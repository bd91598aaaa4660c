import pg from 'pg';
import { createAppBetterAuth, createBetterAuth } from './better-auth.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase('better-auth');
});
afterAll(() => database.drop());

it("the template 'better-auth' serves a real sign-up", async () => {
  const auth = createBetterAuth({ url: database.ownerUrl });
  const { token, user } = await auth.api.signUpEmail({
    body: { name: 'Ada', email: 'ada@example.com', password: 'correct horse' },
  });
  expect(token).toMatch(/^[a-zA-Z0-9]{32}$/);
  const jwt = await auth.api.getToken({ headers: new Headers({ authorization: `Bearer ${token}` }) });
  const claims = JSON.parse(Buffer.from(jwt.token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
  expect(claims['sub']).toBe(user.id);
  expect(Object.keys(claims).toSorted()).toEqual(['aud', 'exp', 'iat', 'iss', 'sid', 'sub']);
});

it("the API's role connects and may read nothing yet", async () => {
  const client = new pg.Client({ connectionString: database.apiUrl });
  await client.connect();
  await expect(client.query('select * from "user"')).rejects.toMatchObject({ code: '42501' });
  await client.end();
});

it("the template 'app' is what `npm start` migrates, and serves a sign-up too", async () => {
  const app = await createTestDatabase('app');
  const auth = createAppBetterAuth({ url: app.ownerUrl });
  const { user } = await auth.api.signUpEmail({
    body: { name: 'Ada', email: 'ada@example.com', password: 'correct horse' },
  });
  const client = new pg.Client({ connectionString: app.apiUrl });
  await client.connect();
  expect((await client.query('select id from "user"')).rows).toEqual([{ id: user.id }]);
  expect((await client.query('select * from task')).rows).toEqual([]);
  await expect(client.query('select * from account')).rejects.toMatchObject({ code: '42501' });
  await client.end();
  await app.drop();
});
