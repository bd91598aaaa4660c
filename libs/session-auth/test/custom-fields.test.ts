import { Column, Entity } from 'typeorm';
import { Test } from '@nestjs/testing';
import { isProven, type Composition, type InProcessMemory } from '@session-guard/core';
import { SessionVerifier, UserEntity } from '@session-guard/auth';
import { COMPOSITION } from '../src/auth.constants.ts';
import { authImports, createWorld, signUp, type World } from './fixture.ts';

/** What a column's own class may be: made anew from the column's text for each request. */
class Plan {
  constructor(readonly name: string) {}
}

@Entity({ name: 'user', synchronize: false })
class AppUser extends UserEntity {
  @Column({ type: 'jsonb', nullable: true, insert: false, update: false })
  settings!: { theme: string; seen: string[] } | null;

  @Column({ type: 'text', array: true, nullable: true, insert: false, update: false })
  tags!: string[] | null;

  @Column({ type: 'timestamptz', array: true, nullable: true, insert: false, update: false })
  visits!: Date[] | null;

  @Column({ type: 'bytea', nullable: true, insert: false, update: false })
  picture!: Buffer | null;

  @Column({ type: 'simple-json', nullable: true, insert: false, update: false })
  address!: { city: string } | null;

  @Column({
    type: 'text',
    nullable: true,
    insert: false,
    update: false,
    transformer: { from: (name: string) => new Plan(name), to: (plan: Plan) => plan.name },
  })
  plan!: Plan;
}

const VISIT = '2030-03-14T09:00:00.000Z';

describe.each([
  ['answered from memory', {}],
  ['looked up each time', { cache: false }],
] as const)('custom fields of a user %s:', (_, options) => {
  let world: World;
  let close: () => Promise<void>;
  let verifier: SessionVerifier;

  beforeAll(async () => {
    world = await createWorld();
    await world.owner.query(
      `alter table "user" add column settings jsonb, add column tags text[], add column visits timestamptz[],
       add column picture bytea, add column address text, add column plan text`,
    );
    const app = await Test.createTestingModule({
      imports: authImports(world.database.ownerUrl, { ...options, userEntity: AppUser } as Parameters<
        typeof authImports
      >[1]),
    }).compile();
    await app.init();
    verifier = app.get(SessionVerifier);
    close = () => app.close();
  });
  afterAll(async () => {
    await close();
    await world.close();
  });

  const person = async () => {
    const { token, userId } = await signUp(world.auth);
    await world.owner.query(
      `update "user" set settings = '{"theme":"dark","seen":["a"]}', tags = '{x,y}', visits = array[$2::timestamptz],
       picture = '\\x010203', address = '{"city":"Turin"}', plan = 'gold' where id = $1`,
      [userId, VISIT],
    );
    return { authorization: `Bearer ${token}` };
  };
  const userOf = async (headers: Record<string, string>): Promise<AppUser> => {
    const verdict = await verifier.verify(headers);
    if (!('identity' in verdict)) throw new Error(verdict.refused);
    return verdict.identity.user as AppUser;
  };
  const expectUntouched = (user: AppUser) => {
    expect(user).toMatchObject({
      settings: { theme: 'dark', seen: ['a'] },
      tags: ['x', 'y'],
      visits: [new Date(VISIT)],
      picture: Buffer.from([1, 2, 3]),
      address: { city: 'Turin' },
      plan: new Plan('gold'),
    });
    expect(user.plan).toBeInstanceOf(Plan);
    expect(user.createdAt.getFullYear()).toBeGreaterThan(2000);
  };
  /** Everything a careless handler may do. */
  const change = (user: AppUser) => {
    user.settings!.seen.push('b');
    Object.assign(user.settings!, { theme: 'light' });
    user.tags!.sort().reverse();
    user.visits![0]!.setFullYear(1999);
    user.picture!.fill(0);
    user.address!.city = 'Rome';
    Object.assign(user.plan, { name: 'free' });
    user.createdAt.setFullYear(1999);
  };

  it('what a handler does to them shows in no later request', async () => {
    const headers = await person();
    for (let request = 0; request < 3; request++) {
      const user = await userOf(headers);
      expectUntouched(user);
      change(user);
    }
  });

  it('nor in a request at the same time, which shares the lookup', async () => {
    const headers = await person();
    const users = await Promise.all(Array.from({ length: 10 }, () => userOf(headers)));
    for (const user of users) {
      expectUntouched(user);
      change(user);
    }
  });

  it('nor by another spelling of the credential', async () => {
    const { authorization } = await person();
    change(await userOf({ authorization }));
    expectUntouched(await userOf({ authorization: authorization.replace('Bearer', 'bearer') }));
  });

  it('the columns themselves are frozen', async () => {
    const user = await userOf(await person());
    expect(() => (user.name = 'Somebody else')).toThrow(TypeError);
    expect(() => (user.settings = null)).toThrow(TypeError);
  });
});

describe('rows that are far too large', () => {
  const MIB = 2 ** 20;
  let world: World;
  let close: () => Promise<void>;
  let verifier: SessionVerifier;
  let memory: InProcessMemory;
  let isAlive: () => boolean;

  beforeAll(async () => {
    world = await createWorld();
    const app = await Test.createTestingModule({ imports: authImports(world.database.ownerUrl) }).compile();
    await app.init();
    verifier = app.get(SessionVerifier);
    const composition = app.get<Composition>(COMPOSITION);
    memory = composition.memory as InProcessMemory;
    isAlive = () => isProven(composition.feed, performance.now());
    close = () => app.close();
  });
  afterAll(async () => {
    await close();
    await world.close();
  });

  const idOf = async (headers: Record<string, string>): Promise<string> => {
    const verdict = await verifier.verify(headers);
    return 'identity' in verdict ? verdict.identity.user.id : verdict.refused;
  };

  it('two dozen spellings of a credential, with a name of 32 MiB: each is answered, none cached', async () => {
    const [neighbour, large] = await Promise.all([signUp(world.auth), signUp(world.auth)]);
    await world.owner.query(`update "user" set name = repeat('x', 32 * 1024 * 1024) where id = $1`, [large.userId]);
    expect(await idOf({ authorization: `Bearer ${neighbour.token}` })).toBe(neighbour.userId);
    const before = memory.bytes;
    const spellings = Array.from({ length: 24 }, (_, index) => {
      const [token = '', signature = ''] = large.signed.split('.');
      const encoded = `%${token.charCodeAt(index % 32).toString(16)}`;
      return `${token.slice(0, index % 32)}${encoded}${token.slice((index % 32) + 1)}.${encodeURIComponent(signature)}`;
    });
    const heap = process.memoryUsage().heapUsed;
    const answers = await Promise.all(spellings.map((spelling) => idOf({ authorization: `Bearer ${spelling}` })));
    expect(new Set(answers)).toEqual(new Set([large.userId]));
    expect(process.memoryUsage().heapUsed - heap).toBeLessThan(32 * MIB);
    expect(memory.bytes).toBe(before);
    while (!isAlive()) await new Promise(setImmediate);
    const verdict = verifier.verify({ authorization: `Bearer ${neighbour.token}` });
    expect(verdict).not.toBeInstanceOf(Promise);
  });

  it('a text is read up to 65,536 characters', async () => {
    const { token, userId } = await signUp(world.auth);
    await world.owner.query(
      `update "user" set name = repeat('ä', 65536) || 'z', image = repeat('y', 65536) where id = $1`,
      [userId],
    );
    const verdict = await verifier.verify({ authorization: `Bearer ${token}` });
    if (!('identity' in verdict)) throw new Error(verdict.refused);
    expect(verdict.identity.user).toMatchObject({ name: 'ä'.repeat(65_536), image: 'y'.repeat(65_536) });
  });
});
