import request from 'supertest';
import { createProbe, createWorld, signUp, type ProbeApp, type World } from './fixture.ts';

let world: World;
let probe: ProbeApp;

beforeAll(async () => {
  world = await createWorld();
  probe = await createProbe(world.database.ownerUrl, { cache: false });
});
afterAll(async () => {
  await probe.app.close();
  await world.close();
});

it.each([
  ['session', 'alter table session alter column "userAgent" type varchar(2000)'],
  ['user', 'alter table "user" alter column name type varchar(500)'],
])(
  'lookups go on when a migration changes the type of a column of %s under a prepared statement',
  async (_table, migration) => {
    const { token } = await signUp(world.auth);
    const me = (): request.Test =>
      request(probe.app.getHttpServer()).get('/me').set('authorization', `Bearer ${token}`);
    await me().expect(200);
    await world.owner.query(migration);
    await me().expect(200);
  },
);
