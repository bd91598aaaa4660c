import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { TEST_SECRET } from '../../../test/better-auth.ts';
import { createProbe, createWorld, signUp, type ProbeApp, type SignedUp, type World } from './fixture.ts';

/** Credentials a run. Each is judged by Better Auth, by our verifier cold, and by our verifier from memory. */
const RUNS = Number(process.env['DIFFERENTIAL_RUNS'] ?? 6_000);

const COOKIE = 'better-auth.session_token';

interface Presented {
  readonly authorization?: string;
  readonly cookie?: string;
}

/**
 * Where we differ on purpose. Each entry says when it applies, by the credential alone, and what both sides
 * answer then; anything else must be equal.
 */
const DIFFERENCES: readonly { name: string; reason: string; applies(presented: Presented): boolean }[] = [
  {
    name: 'Authorization decides alone',
    reason:
      'Better Auth falls back to the cookie when the Authorization header is no valid bearer token. A client that names a credential must not be answered as whoever its cookie is.',
    applies: ({ authorization, cookie }) => authorization !== undefined && cookie !== undefined,
  },
  {
    name: 'only the issued spelling of a signature',
    reason:
      'The last character of a 32-byte base64 value carries two unused bits, so four spellings decode alike and Better Auth accepts all four. One credential, one spelling: no second key for the same session.',
    applies: ({ authorization, cookie }) => [authorization, cookie].some((value) => value !== undefined && hasRespelledSignature(value)),
  },
];

/** Whether a text holds a signature of ours that decodes to the same bytes but is spelled otherwise. */
function hasRespelledSignature(text: string): boolean {
  for (const spelled of [text, decode(text)]) {
    for (const [, token = '', signature = ''] of spelled.matchAll(/([\w%-]{8,64})\.([\w+/]{43}=)/g)) {
      const issued = createHmac('sha256', TEST_SECRET).update(token).digest();
      if (Buffer.from(signature, 'base64').equals(issued) && signature !== issued.toString('base64')) return true;
    }
  }
  return false;
}

/** Decodes what can be decoded, whatever else is in the text. */
function decode(text: string): string {
  return text.replaceAll(/%[0-7][0-9a-f]/gi, (escape) => decodeURIComponent(escape));
}

describe('differential: the verifier against the real better-auth 1.7.25 on one database', () => {
  let world: World;
  let cold: ProbeApp;
  let warm: ProbeApp;
  let tokens: string[];

  beforeAll(async () => {
    world = await createWorld();
    cold = await createProbe(world.database.ownerUrl, { cache: false });
    warm = await createProbe(world.database.ownerUrl);
    const people: SignedUp[] = [];
    for (let index = 0; index < 6; index++) people.push(await signUp(world.auth));
    const [revoked, expired] = people;
    await world.owner.query('delete from session where token = $1', [revoked?.token]);
    await world.owner.query(`update session set "expiresAt" = now() - interval '1 minute' where token = $1`, [expired?.token]);
    tokens = people.map(({ token }) => token);
  });
  afterAll(async () => {
    await Promise.all([cold.app.close(), warm.app.close()]);
    await world.close();
  });

  const sign = (token: string, secret = TEST_SECRET) => `${token}.${createHmac('sha256', secret).update(token).digest('base64')}`;

  /** What a value may go through on its way: mistakes of clients and proxies, and tricks of attackers. */
  const mutations: fc.Arbitrary<(value: string) => string> = fc.oneof(
    { weight: 12, arbitrary: fc.constant((value: string) => value) },
    { weight: 4, arbitrary: fc.constant(encodeURIComponent) },
    fc.constant((value: string) => encodeURIComponent(encodeURIComponent(value))),
    { weight: 2, arbitrary: fc.constant((value: string) => `"${value}"`) },
    fc.constant((value: string) => `"${encodeURIComponent(value)}"`),
    fc.constant((value: string) => `"${value}`),
    fc.constant((value: string) => `${value}"`),
    fc.constant((value: string) => value.toLowerCase()),
    fc.constant((value: string) => value.replaceAll('+', '-').replaceAll('/', '_')),
    fc.constant((value: string) => value.replace(/=+$/, '')),
    fc.constant((value: string) => `${value}=`),
    fc.constant((value: string) => `${value}.`),
    fc.constant((value: string) => `.${value}`),
    fc.constant((value: string) => value.replace('.', '..')),
    fc.constant((value: string) => value.replace('.', '%2E')),
    fc.constant((value: string) => value.split('').toReversed().join('')),
    fc.constant((value: string) => `${value}%`),
    fc.constant((value: string) => `%ZZ${value}`),
    fc.constant((value: string) => value.replace(/^(.)/, (char) => `%${char.charCodeAt(0).toString(16)}`)),
    fc.constantFrom(' ', '  ', '\t', '\u00a0').map((space) => (value: string) => `${space}${value}${space}`),
    fc.constantFrom('__Secure-', 'x', '%00', '%20').map((prefix) => (value: string) => prefix + value),
    fc.tuple(fc.nat(80), fc.constantFrom('A', 'z', '0', '+', '/', '=', '-', '_', '.', '%', ' ', ';', ',', '"', 'é')).map(
      ([at, char]) => (value: string) => value.slice(0, at) + char + value.slice(at),
    ),
    fc.tuple(fc.nat(80), fc.constantFrom('A', 'z', '0', '+', '/', '=')).map(
      ([at, char]) => (value: string) => value.slice(0, at) + char + value.slice(at + 1),
    ),
    fc.nat(80).map((at) => (value: string) => value.slice(0, at) + value.slice(at + 1)),
    fc.nat(80).map((at) => (value: string) => value.slice(0, at)),
    // The character before the padding: one in four of these decodes to the same bytes.
    fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/').map(
      (char) => (value: string) => value.replace(/.=$/, `${char}=`),
    ),
    fc.constantFrom(1, 2, 3).map((step) => (value: string) => value.replace(/(.)=$/, (_, char: string) => `${respell(char, step)}=`)),
  );

  const token = fc.nat(5).map((index) => tokens[index] ?? '');
  const secretValue = fc.oneof(
    { weight: 8, arbitrary: token.map((value) => sign(value)) },
    { weight: 4, arbitrary: token },
    token.map((value) => sign(value, 'another-secret-of-32-characters-length')),
    fc.tuple(token, token).map(([first, second]) => `${first}.${sign(second).split('.')[1] ?? ''}`),
    fc.tuple(token, fc.constantFrom('a', 'a.b')).map(([value, extra]) => sign(`${value}.${extra}`)),
    fc.string({ maxLength: 60 }),
    fc.constantFrom('', '.', '..', 'a.b.c', 'null', 'undefined'),
  );
  const mutated = fc
    .tuple(secretValue, mutations, fc.oneof({ weight: 3, arbitrary: fc.constant((value: string) => value) }, mutations))
    .map(([value, first, second]) => second(first(value)));

  const scheme = fc.oneof(
    { weight: 5, arbitrary: fc.constant('Bearer ') },
    fc.constantFrom('bearer ', 'BEARER ', 'bEaReR ', 'Bearer', 'Bearer  ', 'Bearer\t', 'Basic ', 'Token ', '', ' Bearer '),
  );
  const authorization = fc.tuple(scheme, mutated).map(([prefix, value]) => prefix + value);

  const cookieName = fc.oneof(
    { weight: 6, arbitrary: fc.constant(COOKIE) },
    fc.constantFrom(`__Secure-${COOKIE}`, `__Host-${COOKIE}`, 'better-auth.session_data', COOKIE.toUpperCase(), ` ${COOKIE}`, `${COOKIE} `, 'other'),
  );
  const pair = fc.tuple(cookieName, mutated).map(([name, value]) => `${name}=${value}`);
  const cookie = fc
    .tuple(fc.array(fc.oneof(pair, fc.constantFrom('a=b', 'theme=dark', 'broken', '=x', '')), { maxLength: 2 }), pair, fc.array(pair, { maxLength: 2 }), fc.constantFrom('; ', ';', ' ;  '))
    .map(([before, own, after, separator]) => [...before, own, ...after].join(separator));

  const presented: fc.Arbitrary<Presented> = fc.oneof(
    { weight: 5, arbitrary: authorization.map((value) => ({ authorization: value })) },
    { weight: 5, arbitrary: cookie.map((value) => ({ cookie: value })) },
    { weight: 1, arbitrary: fc.tuple(authorization, cookie).map(([first, second]) => ({ authorization: first, cookie: second })) },
  );

  it(`${RUNS} mutated credentials: the same verdict, or a listed difference`, async () => {
    const seen = { judged: 0, accepted: 0, refused: 0, differences: new Map<string, number>() };
    const unexplained: string[] = [];
    await fc.assert(
      fc.asyncProperty(presented, async (raw) => {
        const sent = asSent(raw);
        fc.pre(sent !== undefined);
        const theirs = await betterAuthSays(sent);
        const fresh = await weSay(cold, sent);
        const first = await weSay(warm, sent);
        const remembered = await weSay(warm, sent);
        seen.judged += 1;
        if (theirs) seen.accepted += 1;
        else seen.refused += 1;
        if (fresh !== first || first !== remembered) {
          unexplained.push(`memory and database disagree: ${fresh} ${first} ${remembered} on ${describeShape(sent)}`);
        }
        if (fresh === theirs) return;
        const difference = DIFFERENCES.find(({ applies }) => applies(sent));
        if (difference) seen.differences.set(difference.name, (seen.differences.get(difference.name) ?? 0) + 1);
        else unexplained.push(`ours ${fresh} theirs ${theirs} on ${describeShape(sent)}`);
      }),
      { numRuns: RUNS, endOnFailure: false },
    );
    console.log(
      `differential: ${seen.judged} credentials, Better Auth accepted ${seen.accepted} and refused ${seen.refused}; ` +
        `listed differences met: ${JSON.stringify(Object.fromEntries(seen.differences))}; unexplained: ${unexplained.length}`,
    );
    expect(unexplained).toEqual([]);
    expect(seen.judged).toBeGreaterThanOrEqual(Math.min(RUNS, 5_000));
    // Not vacuous: a good part of what is generated is accepted, and every listed difference was met.
    expect(seen.accepted).toBeGreaterThan(seen.judged / 20);
    expect([...seen.differences.keys()].toSorted()).toEqual(DIFFERENCES.map(({ name }) => name).toSorted());
  }, 240_000);

  /** The headers as an HTTP server would hand them on, or undefined when no client could send them. */
  function asSent(raw: Presented): Presented | undefined {
    try {
      const headers = new Headers(Object.entries(raw) as [string, string][]);
      return Object.fromEntries(headers) as Presented;
    } catch {
      return undefined;
    }
  }

  async function betterAuthSays(sent: Presented): Promise<string | null> {
    const response = await world.auth.handler(
      new Request('http://localhost:3000/api/auth/get-session', { headers: sent as Record<string, string> }),
    );
    if (!response.ok) return null;
    const body = (await response.json()) as { user: { id: string } } | null;
    return body?.user.id ?? null;
  }

  async function weSay({ verifier }: ProbeApp, sent: Presented): Promise<string | null> {
    const verdict = await verifier.verify({ ...sent });
    return 'identity' in verdict ? verdict.identity.user.id : null;
  }

  function describeShape(sent: Presented): string {
    return JSON.stringify(sent);
  }
});

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Another spelling of the last base64 character: the same four bits, other unused ones. */
function respell(char: string, step: number): string {
  const index = ALPHABET.indexOf(char);
  return index < 0 ? char : (ALPHABET[(index & ~3) | ((index + step) & 3)] ?? char);
}
