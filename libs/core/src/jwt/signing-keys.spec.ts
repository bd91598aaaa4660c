import { exportJWK, generateKeyPair } from 'jose';
import { SigningKeys } from './signing-keys.ts';

interface Row {
  id: string;
  publicKey: string;
  alg: string | null;
}

describe('SigningKeys', () => {
  let publicKey: string;
  beforeAll(async () => {
    publicKey = JSON.stringify(await exportJWK((await generateKeyPair('EdDSA', { extractable: true })).publicKey));
  });

  const row = (id: string, alg: string | null = 'EdDSA', key = publicKey): Row => ({ id, publicKey: key, alg });
  /** A table of keys and a clock, both in the test's hand. */
  const keysOf = (...rows: Row[]) => {
    const world = { rows, now: 0, reads: 0, asked: [] as unknown[], text: '', failure: undefined as Error | undefined };
    const query = ({ text, values }: { text: string; values: unknown[] }) => {
      world.reads += 1;
      world.asked = values;
      world.text = text;
      return world.failure ? Promise.reject(world.failure) : Promise.resolve({ rows: [...world.rows] });
    };
    const pool = { query } as unknown as ConstructorParameters<typeof SigningKeys>[0];
    return { world, keys: new SigningKeys(pool, '"public"."jwks"', 100, 'EdDSA', () => world.now) };
  };

  it('reads once, and finds each key by its id with its own algorithm', async () => {
    const { world, keys } = keysOf(row('a'), row('b', 'Ed25519'), row('c', null));
    expect((await keys.find('a'))?.alg).toBe('EdDSA');
    expect((await keys.find('b'))?.alg).toBe('Ed25519');
    expect((await keys.find('c'))?.alg).toBe('EdDSA');
    expect([world.reads, world.asked]).toEqual([1, [100]]);
    expect(world.text).toMatch(
      /^select id::text as id, "publicKey", alg from "public"\."jwks"\s+where "expiresAt" is null or /,
    );
  });

  it('an unknown kid waits for the end of the second since the last read began, each second anew', async () => {
    jest.useFakeTimers();
    const { world, keys } = keysOf(row('a'));
    await keys.find('a');
    for (let second = 1; second <= 3; second += 1) {
      world.now += 400;
      const waiting = keys.find('unknown');
      await jest.advanceTimersByTimeAsync(599);
      expect(world.reads).toBe(second);
      world.now += 600;
      await jest.advanceTimersByTimeAsync(1);
      expect(await waiting).toBeUndefined();
      expect(world.reads).toBe(second + 1);
    }
    jest.useRealTimers();
  });

  it('counts the age of the keys from before they were read', async () => {
    const { world, keys } = keysOf(row('a'));
    const reading = keys.find('a');
    world.now = 5_000;
    await reading;
    world.now = 60_000;
    await keys.find('a');
    expect(world.reads).toBe(2);
  });

  it('requests at the same time share one read', async () => {
    const { world, keys } = keysOf(row('a'));
    const found = await Promise.all(Array.from({ length: 20 }, () => keys.find('a')));
    expect(found.every(Boolean)).toBe(true);
    expect(world.reads).toBe(1);
  });

  it('after a minute the keys are read again, and one that is gone counts no longer', async () => {
    const { world, keys } = keysOf(row('a'));
    await keys.find('a');
    world.rows = [];
    world.now = 59_999;
    expect(await keys.find('a')).toBeDefined();
    world.now = 60_000;
    expect(await keys.find('a')).toBeUndefined();
  });

  it('an unknown kid reads the table again once a second has passed since the last read', async () => {
    const { world, keys } = keysOf(row('a'));
    await keys.find('a');
    world.rows.push(row('new'));
    world.now = 1_000;
    expect(await keys.find('new')).toBeDefined();
    expect(world.reads).toBe(2);
  });

  it('unknown kids within the second wait for one read together', async () => {
    const { world, keys } = keysOf(row('a'));
    await keys.find('a');
    world.now = 990;
    const waiting = [keys.find('x'), keys.find('y'), keys.find('a')];
    world.rows.push(row('y'));
    world.now = 1_000;
    const [x, y, a] = await Promise.all(waiting);
    expect([x, y !== undefined, a !== undefined]).toEqual([undefined, true, true]);
    expect(world.reads).toBe(2);
  });

  it('forgotten, the keys are read at the next use', async () => {
    const { world, keys } = keysOf(row('a'));
    await keys.find('a');
    keys.clear();
    world.rows = [];
    expect(await keys.find('a')).toBeUndefined();
    expect(world.reads).toBe(2);
  });

  it('a failed read is the caller’s to hear of, and the next one tries again', async () => {
    const { world, keys } = keysOf(row('a'));
    world.failure = new Error('away');
    await expect(keys.find('a')).rejects.toThrow('away');
    world.failure = undefined;
    expect(await keys.find('a')).toBeDefined();
  });

  it.each([
    ['text that is no JSON', 'not json', 'EdDSA'],
    ['JSON that is no key', '"text"', 'EdDSA'],
    ['a key of an algorithm unknown here', '{"kty":"XYZ"}', 'FUTURE-1'],
  ])('a row with %s takes no other key with it', async (_, key, alg) => {
    const { keys } = keysOf(row('broken', alg, key), row('a'));
    expect(await keys.find('a')).toBeDefined();
    expect(await keys.find('broken')).toBeUndefined();
  });
});
