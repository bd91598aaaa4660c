import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import type { AuthModuleOptions } from '@session-guard/auth';
import { TEST_BASE_URL, TEST_SECRET, type TestAuthOptions } from '../../../test/better-auth.ts';
import { mutations, presentedCredentials, type Presented } from './differential.arbitraries.ts';
import { createProbe, createWorld, signUp, type ProbeApp, type SignedUp, type World } from './fixture.ts';

/**
 * Where we differ from Better Auth on purpose. Each entry says by the credential alone when it applies; anywhere
 * else the verdicts must be equal.
 */
const DIFFERENCES: readonly { name: string; reason: string; applies(presented: Presented, secret: string): boolean }[] =
  [
    {
      name: 'Authorization decides alone',
      reason:
        'Better Auth falls back to the cookie when the Authorization header is no valid bearer token. A client ' +
        'that names a credential must not be answered as whoever its cookie is.',
      applies: ({ authorization, cookie }) => authorization !== undefined && cookie !== undefined,
    },
    {
      name: 'only the issued spelling of a signature',
      reason:
        'The last character of a 32-byte base64 value carries two unused bits, so four spellings decode alike and ' +
        'Better Auth accepts all four. One credential, one spelling: no second key for the same session.',
      applies: ({ authorization, cookie }, secret) =>
        [authorization, cookie].some((value) => value !== undefined && hasRespelledSignature(value, secret)),
    },
  ];

/** Whether a text holds a signature of ours that decodes to the same bytes but is spelled otherwise. */
function hasRespelledSignature(text: string, secret: string): boolean {
  // Decodes what can be decoded, whatever else is in the text.
  const decoded = text.replaceAll(/%[0-7][0-9a-f]/gi, (escape) => decodeURIComponent(escape));
  for (const spelled of [text, decoded]) {
    for (const [, token = '', signature = ''] of spelled.matchAll(/([\w%-]{8,64})\.([\w+/]{43}=)/g)) {
      const issued = createHmac('sha256', secret).update(token).digest();
      if (Buffer.from(signature, 'base64').equals(issued) && signature !== issued.toString('base64')) return true;
    }
  }
  return false;
}

interface Configuration {
  readonly name: string;
  /** Credentials a run. Each is judged by Better Auth, by our verifier cold, and twice by one with memory. */
  readonly runs: number;
  readonly cookie: string;
  readonly secret: string;
  readonly theirs: Partial<TestAuthOptions>;
  readonly ours: Partial<AuthModuleOptions>;
}

const NEW_SECRET = 'the-new-secret-after-a-rotation-0123456789';
const SECRETS = [
  { version: 2, value: NEW_SECRET },
  { version: 1, value: TEST_SECRET },
];

const CONFIGURATIONS: readonly Configuration[] = [
  { name: 'the defaults', runs: 5_000, cookie: 'better-auth.session_token', secret: TEST_SECRET, theirs: {}, ours: {} },
  {
    name: 'https, a prefix of its own',
    runs: 300,
    cookie: '__Secure-shop.session_token',
    secret: TEST_SECRET,
    theirs: { baseURL: 'https://app.example.com', advanced: { cookiePrefix: 'shop' } },
    ours: { baseURL: 'https://app.example.com', cookiePrefix: 'shop' },
  },
  {
    name: 'a name of its own, secure cookies on http',
    runs: 300,
    cookie: '__Secure-sid',
    secret: TEST_SECRET,
    theirs: { advanced: { useSecureCookies: true, cookies: { session_token: { name: 'sid' } } } },
    ours: { secureCookies: true, cookieName: 'sid' },
  },
  {
    name: 'a rotated secret: the first of several',
    runs: 300,
    cookie: 'better-auth.session_token',
    secret: NEW_SECRET,
    theirs: { secrets: SECRETS },
    ours: { secrets: SECRETS },
  },
  {
    name: 'bearer tokens only when signed',
    runs: 300,
    cookie: 'better-auth.session_token',
    secret: TEST_SECRET,
    theirs: { bearer: { requireSignature: true } },
    ours: { bearer: 'signed' },
  },
];

describe.each(CONFIGURATIONS)(
  'differential: the verifier against the real better-auth 1.7.25, $name',
  (configuration) => {
    const { runs, cookie, secret, theirs, ours } = configuration;
    let world: World;
    let cold: ProbeApp;
    let warm: ProbeApp;
    let people: SignedUp[];

    beforeAll(async () => {
      world = await createWorld(theirs);
      cold = await createProbe(world.database.ownerUrl, { ...ours, cache: false });
      warm = await createProbe(world.database.ownerUrl, ours);
      people = [];
      for (let index = 0; index < 6; index++) people.push(await signUp(world.auth));
      await world.owner.query('delete from session where token = $1', [people[0]?.token]);
      await world.owner.query(`update session set "expiresAt" = now() - interval '1 minute' where token = $1`, [
        people[1]?.token,
      ]);
    });
    afterAll(async () => {
      await Promise.all([cold.app.close(), warm.app.close()]);
      await world.close();
    });

    it(`${runs} mutated credentials: the same verdict, or a listed difference`, async () => {
      const seen = { judged: 0, accepted: 0, differences: new Map<string, number>() };
      const unexplained: string[] = [];
      const credentials = presentedCredentials(
        people.map(({ token }) => token),
        secret,
        cookie,
      );
      await fc.assert(
        fc.asyncProperty(credentials, async (raw) => {
          const sent = asSent(raw);
          fc.pre(sent !== undefined);
          const expected = await betterAuthSays(sent);
          const fresh = await weSay(cold, sent);
          const first = await weSay(warm, sent);
          const remembered = await weSay(warm, sent);
          seen.judged += 1;
          if (expected) seen.accepted += 1;
          if (fresh !== first || first !== remembered) {
            unexplained.push(`database ${fresh}, memory ${first} then ${remembered} on ${JSON.stringify(sent)}`);
          }
          if (fresh === expected) return;
          const difference = DIFFERENCES.find(({ applies }) => applies(sent, secret));
          if (difference) seen.differences.set(difference.name, (seen.differences.get(difference.name) ?? 0) + 1);
          else unexplained.push(`ours ${fresh}, Better Auth's ${expected} on ${JSON.stringify(sent)}`);
        }),
        { numRuns: runs },
      );
      console.log(
        `differential, ${configuration.name}: ${seen.judged} credentials, ${seen.accepted} accepted by Better ` +
          `Auth; listed differences: ${JSON.stringify(Object.fromEntries(seen.differences))}; unexplained: ` +
          `${unexplained.length}`,
      );
      expect(unexplained).toEqual([]);
      expect(seen.judged).toBe(runs);
      // Not vacuous: a good part of what is generated is accepted.
      expect(seen.accepted).toBeGreaterThan(runs / 20);
    }, 240_000);

    /** The headers as an HTTP server would hand them on, or undefined when no client could send them. */
    function asSent(raw: Presented): Presented | undefined {
      try {
        return Object.fromEntries(new Headers(Object.entries(raw) as [string, string][])) as Presented;
      } catch {
        return undefined;
      }
    }

    async function betterAuthSays(sent: Presented): Promise<string | null> {
      const url = `${ours.baseURL ?? TEST_BASE_URL}/api/auth/get-session`;
      const response = await world.auth.handler(new Request(url, { headers: sent as Record<string, string> }));
      if (!response.ok) return null;
      const body = (await response.json()) as { user: { id: string } } | null;
      return body?.user.id ?? null;
    }
  },
);

describe("differential: JWTs against Better Auth's own verifyJWT", () => {
  let world: World;
  let probe: ProbeApp;

  beforeAll(async () => {
    world = await createWorld();
    probe = await createProbe(world.database.ownerUrl);
  });
  afterAll(async () => {
    await probe.app.close();
    await world.close();
  });

  it('600 mutated JWTs of live sessions: the same verdict', async () => {
    const people = await Promise.all([signUp(world.auth), signUp(world.auth)]);
    const jwts = await Promise.all(people.map((person) => person.jwt()));
    let accepted = 0;
    const jwt = fc
      .tuple(
        fc.constantFrom(...jwts),
        fc.constantFrom(...jwts),
        fc.oneof({ weight: 4, arbitrary: fc.constant('own') }, fc.constantFrom('swap', 'cut')),
      )
      .map(([first, second, how]) => {
        const [header = '', payload = ''] = first.split('.');
        if (how === 'own') return first;
        return how === 'swap' ? `${header}.${payload}.${second.split('.')[2]}` : `${header}.${payload}.`;
      });
    await fc.assert(
      fc.asyncProperty(
        jwt,
        fc.oneof({ weight: 12, arbitrary: fc.constant((value: string) => value) }, mutations),
        async (value, mutate) => {
          const token = mutate(value).trim();
          fc.pre(token !== '' && /^[\u0020-\u007e]*$/.test(token));
          const { payload } = await world.auth.api.verifyJWT({ body: { token } });
          if (payload) accepted += 1;
          expect(await weSay(probe, { authorization: `Bearer ${token}` })).toBe(payload?.sub ?? null);
        },
      ),
      { numRuns: 600 },
    );
    expect(accepted).toBeGreaterThan(60);
  }, 120_000);
});

async function weSay({ verifier }: ProbeApp, sent: Presented): Promise<string | null> {
  const verdict = await verifier.verify({ ...sent });
  return 'identity' in verdict ? verdict.identity.user.id : null;
}
