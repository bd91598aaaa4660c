import { FeedInHand } from '../test/in-memory.feed.ts';
import { found } from '../test/principals.ts';
import { credentialSchemes } from './compose.ts';
import { resolveConfig } from './config.ts';
import { signToken } from './credentials/signed-token.ts';
import type { JwtVerifier } from './jwt/jwt.verifier.ts';
import type { SessionRecord } from './lookup/session.lookup.ts';
import { digest } from './memory/digest.ts';
import { InProcessMemory } from './memory/in-process.memory.ts';
import { NO_MEMORY } from './memory/memory.ts';
import type { AuthObserver } from './observer.ts';
import type { VerifierOptions } from './options.ts';
import { SessionVerifier } from './session.verifier.ts';

const SECRET = 'q7hK2pWz9sLx4vNc8bRt6yUe1mDf3gJa';
const OLDER = 'o'.repeat(40);
const JWT = 'e30.e30.c2ln';

describe('SessionVerifier', () => {
  let now = 0;
  beforeEach(() => {
    now = 1_000;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => jest.restoreAllMocks());

  /** A verifier on a table of sessions and a channel in the test's hand. */
  function verifierOf(
    options: Partial<VerifierOptions> = {},
    jwt?: Pick<JwtVerifier, 'verify'>,
    observer?: AuthObserver | null,
  ) {
    const feed = new FeedInHand();
    const world = {
      set alive(isAlive: boolean) {
        feed.isProven = isAlive;
      },
      lookups: [] as string[],
      failure: undefined as Error | undefined,
      /** Called while a lookup is under way, after its row was read. */
      meanwhile: () => undefined as unknown,
      sessions: new Map<string, { userId: string; ttl: number }>([['token', { userId: 'u1', ttl: 10_000 }]]),
      observed: [] as unknown[][],
    };
    const find = async (key: string): Promise<SessionRecord> => {
      world.lookups.push(key);
      const session = world.sessions.get(key);
      await world.meanwhile();
      if (world.failure) throw world.failure;
      return session ? found(`s ${key}`, session.userId, '', session.ttl) : { refused: 'unknown_session' };
    };
    const observing: AuthObserver | undefined =
      observer === null
        ? undefined
        : (observer ?? {
            verdict: (...args) => void world.observed.push(args),
            remembered: (count) => void world.observed.push(['remembered', count]),
          });
    const config = resolveConfig({ baseURL: 'https://app.example.com', secret: SECRET, ...options });
    const cache = new InProcessMemory({ maxCredentials: 100, maxBytes: 2 ** 20 }, feed, (count) =>
      observing?.remembered?.(count),
    );
    const verifier = new SessionVerifier(
      credentialSchemes(config, options.schemes, (jwt as JwtVerifier | undefined) ?? null),
      { findByToken: find, findById: (id) => find(id) },
      config.memory ? cache : NO_MEMORY,
      observing,
    );
    const ask = async (headers: Record<string, string>) => {
      const verdict = await verifier.verify(headers);
      return 'identity' in verdict ? verdict.identity.user.id : verdict.refused;
    };
    return { world, feed, cache, verifier, ask };
  }

  const bearer = (value: string) => ({ authorization: `Bearer ${value}` });
  const cookie = (value: string) => ({ cookie: `__Secure-better-auth.session_token=${value}` });
  const signed = (secret = SECRET) => `token.${signToken('token', secret)}`;

  it('answers from memory at once while the channel is alive, and from the database while it is not', async () => {
    const { world, verifier, ask } = verifierOf();
    expect(await ask(bearer('token'))).toBe('u1');
    expect(verifier.verify(bearer('token'))).toMatchObject({ identity: { user: { id: 'u1' } }, credential: 'token' });
    expect(world.lookups).toHaveLength(1);
    world.alive = false;
    expect(await ask(bearer('token'))).toBe('u1');
    expect(world.lookups).toHaveLength(2);
  });

  it('with cache: false each request is looked up', async () => {
    const { world, ask } = verifierOf({ cache: false });
    expect([await ask(bearer('token')), await ask(bearer('token'))]).toEqual(['u1', 'u1']);
    expect(world.lookups).toHaveLength(2);
  });

  it('a session is remembered until its end, counted from before it was asked for', async () => {
    const { world, ask } = verifierOf();
    world.meanwhile = () => (now += 500);
    await ask(bearer('token'));
    world.meanwhile = () => undefined;
    now = 10_999;
    await ask(bearer('token'));
    expect(world.lookups).toHaveLength(1);
    now = 11_000;
    await ask(bearer('token'));
    expect(world.lookups).toHaveLength(2);
  });

  it('a JWT is remembered no longer than its own end, nor than its session’s', async () => {
    let ttl = 2_000;
    const { world, ask } = verifierOf({}, { verify: () => Promise.resolve({ sid: 'token', sub: 'u1', ttl }) });
    expect(await ask(bearer(JWT))).toBe('u1');
    now = 2_999;
    await ask(bearer(JWT));
    expect(world.lookups).toHaveLength(1);
    now = 3_000;
    ttl = 900_000;
    await ask(bearer(JWT));
    now = 12_999;
    await ask(bearer(JWT));
    expect(world.lookups).toHaveLength(2);
    now = 13_000;
    await ask(bearer(JWT));
    expect(world.lookups).toHaveLength(3);
  });

  it('a JWT of another user’s session, of no session, and one that proves nobody', async () => {
    const claims = { sid: 'token', sub: 'somebody else', ttl: 1_000 };
    expect(await verifierOf({}, { verify: () => Promise.resolve(claims) }).ask(bearer(JWT))).toBe('jwt_wrong_user');
    expect(await verifierOf({}, { verify: () => Promise.resolve({ ...claims, sid: 'gone' }) }).ask(bearer(JWT))).toBe(
      'unknown_session',
    );
    expect(
      await verifierOf({}, { verify: () => Promise.resolve({ refused: 'jwt_expired' as const }) }).ask(bearer(JWT)),
    ).toBe('jwt_expired');
    expect(await verifierOf().ask(bearer(JWT))).toBe('not_accepted');
  });

  it.each([
    ['any', 'u1', 'u1'],
    ['signed', 'not_accepted', 'u1'],
    ['off', 'not_accepted', 'not_accepted'],
  ] as const)('bearer: %s → a raw token is %s, a signed one %s, the cookie u1', async (mode, raw, withSignature) => {
    const { ask } = verifierOf({ bearer: mode });
    expect(await ask(bearer('token'))).toBe(raw);
    expect(await ask(bearer(signed()))).toBe(withSignature);
    expect(await ask(bearer(encodeURIComponent(signed())))).toBe(withSignature);
    expect(await ask(cookie(encodeURIComponent(signed())))).toBe('u1');
  });

  it('a signature by an older secret counts only where it is asked for; one by a stranger’s never', async () => {
    const secrets = [
      { version: 3, value: SECRET },
      { version: 2, value: 'm'.repeat(40) },
      { version: 1, value: OLDER },
    ];
    const strict = verifierOf({ secrets });
    expect(await strict.ask(cookie(signed()))).toBe('u1');
    expect(await strict.ask(cookie(signed(OLDER)))).toBe('bad_signature');
    const rotating = verifierOf({ secrets, acceptOlderSecrets: true });
    for (const secret of [SECRET, 'm'.repeat(40), OLDER]) expect(await rotating.ask(cookie(signed(secret)))).toBe('u1');
    expect(await rotating.ask(cookie(signed('s'.repeat(40))))).toBe('bad_signature');
    expect(rotating.world.lookups).toEqual(['token', 'token', 'token']);
  });

  it('the same text is another credential in another place', async () => {
    const { ask, world } = verifierOf();
    expect(await ask(cookie(signed()))).toBe('u1');
    expect(await ask({ authorization: signed() })).toBe('unsupported_scheme');
    expect(world.lookups).toHaveLength(1);
  });

  it('requests at the same time share a lookup, and each gets an identity of its own', async () => {
    const { verifier, world } = verifierOf();
    const [one, two] = await Promise.all([verifier.verify(bearer('token')), verifier.verify(bearer('token'))]);
    expect(world.lookups).toHaveLength(1);
    expect(one).toEqual(two);
    expect('identity' in one && 'identity' in two && one.identity.user !== two.identity.user).toBe(true);
  });

  it('a lookup that has been under way for a second is shared no longer', async () => {
    const { ask, world } = verifierOf();
    let answer: () => void = () => undefined;
    world.meanwhile = () => new Promise<void>((resolve) => (answer = resolve));
    const first = ask(bearer('token'));
    now += 999;
    const second = ask(bearer('token'));
    await Promise.resolve();
    expect(world.lookups).toHaveLength(1);
    world.meanwhile = () => undefined;
    now += 1;
    expect(await ask(bearer('token'))).toBe('u1');
    expect(world.lookups).toHaveLength(2);
    answer();
    expect(await Promise.all([first, second])).toEqual(['u1', 'u1']);
  });

  it('a refusal and a failure are not remembered, and a failure is no refusal', async () => {
    const { ask, world } = verifierOf();
    expect(await ask(bearer('unknown'))).toBe('unknown_session');
    world.sessions.set('unknown', { userId: 'u2', ttl: 1_000 });
    expect(await ask(bearer('unknown'))).toBe('u2');
    world.failure = new Error('away');
    await expect(ask(bearer('token'))).rejects.toThrow('away');
    world.failure = undefined;
    expect(await ask(bearer('token'))).toBe('u1');
  });

  it.each([
    ['its session', { scope: 'session', key: digest('s token') }],
    ['its user', { scope: 'user', key: digest('u1') }],
    ['everything', { scope: 'all' }],
  ] as const)(
    'a lookup overtaken by a revocation of %s is made again, and its first answer is not served',
    async (_, revocation) => {
      const { ask, world, cache, feed } = verifierOf();
      world.meanwhile = () => {
        world.meanwhile = () => undefined;
        world.sessions.delete('token');
        feed.announce(revocation);
      };
      expect(await ask(bearer('token'))).toBe('unknown_session');
      expect([world.lookups.length, cache.size]).toEqual([2, 0]);
    },
  );

  it('overtaken again and again, the third answer counts and is not remembered', async () => {
    const { ask, world, cache, feed } = verifierOf();
    world.meanwhile = () => feed.announce({ scope: 'all' });
    expect(await ask(bearer('token'))).toBe('u1');
    expect([world.lookups.length, cache.size]).toEqual([3, 0]);
  });

  it('a lookup that ends late leaves the one that replaced it to be shared', async () => {
    const { ask, world } = verifierOf();
    const answers: (() => void)[] = [];
    world.meanwhile = () => new Promise<void>((resolve) => answers.push(resolve));
    const first = ask(bearer('token'));
    now += 1_000;
    const second = ask(bearer('token'));
    answers[0]?.();
    await first;
    const third = ask(bearer('token'));
    answers[1]?.();
    expect(await Promise.all([second, third])).toEqual(['u1', 'u1']);
    expect(world.lookups).toHaveLength(2);
  });

  it('a scheme of the application’s own comes before the cookie, and after Authorization: Bearer', async () => {
    const device = {
      kind: 'device',
      attachedByBrowser: false,
      document: { name: 'device', definition: { type: 'apiKey', in: 'header', name: 'X-Device' }, accepts: 'a device' },
      find: ({ 'x-device': id }: Readonly<Record<string, string | string[] | undefined>>) =>
        typeof id === 'string' ? id : null,
      verify: (id: string, sessions: { findById(id: string): Promise<SessionRecord> }) => sessions.findById(id),
    } as const;
    const { verifier, world } = verifierOf({ schemes: [device] });
    world.sessions.set('phone', { userId: 'u2', ttl: 10_000 });
    const own = { 'x-device': 'phone' };
    expect(await verifier.verify({ ...own, ...cookie(signed()) })).toMatchObject({
      identity: { user: { id: 'u2' }, credential: { kind: 'device', id: 's phone' } },
      attachedByBrowser: false,
    });
    expect(verifier.verify(own)).toMatchObject({ credential: 'device' });
    expect(await verifier.verify({ ...own, ...bearer('token') })).toMatchObject({ credential: 'token' });
    expect(await verifier.verify({ ...own, authorization: 'Basic x' })).toMatchObject({ credential: 'device' });
  });

  it.each([
    ['none', null],
    ['one that wants to hear of nothing', {}],
  ])('an observer is optional: %s', async (_what, observer) => {
    for (const cache of [true, false]) {
      const { ask, world } = verifierOf(cache ? {} : { cache: false }, undefined, observer);
      expect(await ask({})).toBe('missing');
      expect([await ask(bearer('token')), await ask(bearer('token'))]).toEqual(['u1', 'u1']);
      expect(await ask(bearer('unknown'))).toBe('unknown_session');
      world.failure = new Error('away');
      await expect(ask(bearer('another'))).rejects.toThrow('away');
    }
  });

  describe('recall', () => {
    it('knows what is missing and what is remembered, and asks nobody', async () => {
      const { ask, verifier, world } = verifierOf();
      expect(verifier.recall({})).toEqual({ refused: 'missing', credential: undefined });
      expect(verifier.recall(bearer('token'))).toBeUndefined();
      expect(verifier.recall(bearer('a b\u0000'))).toEqual({ refused: 'malformed', credential: undefined });
      await ask(bearer('token'));
      expect(verifier.recall(bearer('token'))).toMatchObject({ identity: { user: { id: 'u1' } }, credential: 'token' });
      expect(world.lookups).toHaveLength(1);
    });

    it('knows nothing while the channel is silent, beyond the session’s end, and without memory', async () => {
      const { ask, verifier, world } = verifierOf();
      await ask(bearer('token'));
      world.alive = false;
      expect(verifier.recall(bearer('token'))).toBeUndefined();
      world.alive = true;
      now = 11_000;
      expect(verifier.recall(bearer('token'))).toBeUndefined();
      const forgetful = verifierOf({ cache: false });
      await forgetful.ask(bearer('token'));
      expect(forgetful.verifier.recall(bearer('token'))).toBeUndefined();
    });
  });

  it('tells the observer each verdict once, with where it came from', async () => {
    const { ask, world } = verifierOf();
    await ask({});
    await ask(bearer('token'));
    await ask(bearer('token'));
    await ask(bearer('unknown'));
    await ask(bearer('a b\u0000'));
    world.failure = new Error('away');
    await ask(bearer('another')).catch(() => undefined);
    expect(world.observed).toEqual([
      ['missing', 'none', undefined],
      ['remembered', 1],
      ['accepted', 'database', 'token'],
      ['accepted', 'memory', 'token'],
      ['unknown_session', 'database', 'token'],
      ['malformed', 'none', undefined],
      ['unavailable', 'database', 'token'],
    ]);
  });
});
