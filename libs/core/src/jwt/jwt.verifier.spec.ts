import {
  CompactSign,
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JWTHeaderParameters,
  type JWTPayload,
} from 'jose';
import { JwtVerifier } from './jwt.verifier.ts';
import type { SigningKey } from './signing-keys.ts';

const ISSUER = 'https://app.example.com';
const SID = 'Zb7TIt14PUqmajsiPxSrj9DlWmW1GovS';
const NOW_SECONDS = Math.floor(Date.now() / 1000);

describe('JwtVerifier', () => {
  let keys: Map<string, SigningKey>;
  let ours: CryptoKey;
  let theirs: CryptoKey;
  let verifier: JwtVerifier;

  beforeAll(async () => {
    const [pair, stranger, curve] = await Promise.all([
      generateKeyPair('EdDSA'),
      generateKeyPair('EdDSA'),
      generateKeyPair('ES256'),
    ]);
    ours = pair.privateKey;
    theirs = stranger.privateKey;
    keys = new Map<string, SigningKey>([
      ['k1', { key: pair.publicKey, alg: 'EdDSA' }],
      ['curve', { key: curve.publicKey, alg: 'ES256' }],
      // A row whose algorithm says something else than its key.
      ['mistaken', { key: pair.publicKey, alg: 'ES256' }],
    ]);
    verifier = new JwtVerifier(
      { find: (kid) => Promise.resolve(keys.get(kid)) },
      { algorithms: ['EdDSA'], issuer: ISSUER, audience: ISSUER },
    );
  });

  const CLAIMS: JWTPayload = {
    sub: 'u1',
    sid: SID,
    iss: ISSUER,
    aud: ISSUER,
    iat: NOW_SECONDS,
    exp: NOW_SECONDS + 900,
  };
  const sign = (claims: Record<string, unknown> = {}, header: Partial<JWTHeaderParameters> = {}, key = ours) =>
    new SignJWT({ ...CLAIMS, ...claims }).setProtectedHeader({ alg: 'EdDSA', kid: 'k1', ...header }).sign(key);
  const refusalOf = async (token: string) => {
    const verdict = await verifier.verify(token);
    return 'refused' in verdict ? verdict.refused : 'accepted';
  };

  it('a session JWT gives the session, the user and the time left, five seconds of tolerance included', async () => {
    const clock = jest.spyOn(Date, 'now').mockReturnValue(NOW_SECONDS * 1000);
    expect(await verifier.verify(await sign())).toEqual({ sid: SID, sub: 'u1', ttl: 905_000 });
    clock.mockRestore();
  });

  it.each(['a', 'a'.repeat(128), '0b5f8f4e-9d2c-4c8e-8d65-2f6a0f3f9a11', 'a_b.c:d'])(
    'an id may look like %s',
    async (sid) => {
      expect(await verifier.verify(await sign({ sid }))).toMatchObject({ sid });
    },
  );

  it.each([undefined, 'JWT', 'jwt', 'application/jwt'])('typ %s is a session’s', async (typ) => {
    expect(await refusalOf(await sign({}, typ === undefined ? {} : { typ }))).toBe('accepted');
  });

  it.each([
    'at+jwt',
    'application/at+jwt',
    'logout+jwt',
    'dpop+jwt',
    'secevent+jwt',
    'better-auth.session-cache+jwt',
    'JWTX',
    'not-a-jwt',
    '',
  ])('typ %j is another kind, issuer, audience and sid aligned', async (typ) => {
    expect(await refusalOf(await sign({}, { typ }))).toBe('jwt_wrong_kind');
  });

  it('a typ that is no text is another kind', async () => {
    expect(await refusalOf(await sign({}, { typ: ['JWT'] as unknown as string }))).toBe('jwt_wrong_kind');
  });

  const OAUTH = { client_id: 'c1', azp: 'c1', scope: 'openid profile', jti: 'j1' };
  it.each<[string, JWTPayload]>([
    ['an OAuth access token', OAUTH],
    ['an access token bound to a key', { cnf: { jkt: 'thumbprint' } }],
    ['an access token with scopes as another server writes them', { scp: ['openid'] }],
    ['an access token of a client alone', { client_id: 'c1' }],
    ['an access token without scopes', { scope: '' }],
    ['a delegated token', { act: { sub: 'admin' } }],
    ['a token that names who may act', { may_act: { sub: 'admin' } }],
    ['an ID token', { acr: '0', auth_time: NOW_SECONDS, at_hash: 'aGFzaA', nonce: 'n1' }],
    ['an ID token that says little', { auth_time: NOW_SECONDS }],
    ['an ID token of its class alone', { acr: '0' }],
    ['an ID token of its methods alone', { amr: ['pwd'] }],
    ['an ID token with a nonce', { nonce: 'n1' }],
    ['an ID token of the hybrid flow', { c_hash: 'aGFzaA' }],
    ['an ID token with the hash of a state', { s_hash: 'aGFzaA' }],
    ['an ID token with the hash of an access token', { at_hash: 'aGFzaA' }],
    ['an ID token for a party', { azp: 'c1' }],
    ['a logout token', { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }],
    ['a security event', { toe: NOW_SECONDS }],
  ])('%s is never a session, although issuer, audience, sid and user are right', async (_, claims) => {
    expect(await refusalOf(await sign(claims))).toBe('jwt_wrong_kind');
  });

  it('a column of the user that happens to have such a name and no value betrays nothing', async () => {
    expect(await refusalOf(await sign({ nonce: null, role: 'user', email: 'ada@example.com' }))).toBe('accepted');
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['jwt_expired', 'that ended ten seconds ago', { exp: NOW_SECONDS - 10 }],
    ['jwt_not_yet_valid', 'of the future', { nbf: NOW_SECONDS + 60 }],
    ['jwt_wrong_issuer', 'of another issuer', { iss: 'https://elsewhere.example' }],
    ['jwt_wrong_issuer', 'of an issuer with a path', { iss: `${ISSUER}/api/auth` }],
    ['jwt_wrong_issuer', 'of nobody', { iss: undefined }],
    ['jwt_wrong_audience', 'for another audience', { aud: 'https://elsewhere.example' }],
    ['jwt_wrong_audience', 'for nobody', { aud: undefined }],
    ['jwt_without_session', 'without sid', { sid: undefined }],
    ['jwt_without_session', 'with sid null', { sid: null }],
    ['jwt_without_session', 'with a number as sid', { sid: 7 }],
    ['jwt_without_session', 'with an empty sid', { sid: '' }],
    ['jwt_without_session', 'with NUL in its sid', { sid: 'a\u0000b' }],
    ['jwt_without_session', 'with more than an id in its sid', { sid: `${SID}\n` }],
    ['jwt_without_session', 'with an endless sid', { sid: 'a'.repeat(129) }],
    ['jwt_malformed', 'without exp', { exp: undefined }],
    ['jwt_malformed', 'without sub', { sub: undefined }],
    ['jwt_malformed', 'with an empty sub', { sub: '' }],
    ['jwt_malformed', 'with a number as sub', { sub: 7 }],
  ])('%s: one %s', async (reason, _, claims) => {
    expect(await refusalOf(await sign(claims))).toBe(reason);
  });

  it('an end three seconds ago, and one four seconds ahead of its start, are within the tolerance', async () => {
    expect(await refusalOf(await sign({ exp: NOW_SECONDS - 2 }))).toBe('accepted');
    expect(await refusalOf(await sign({ nbf: NOW_SECONDS + 4 }))).toBe('accepted');
  });

  it('jwt_unknown_key: a kid nobody knows, and none at all', async () => {
    expect(await refusalOf(await sign({}, { kid: 'nobody' }))).toBe('jwt_unknown_key');
    expect(await refusalOf(await new SignJWT(CLAIMS).setProtectedHeader({ alg: 'EdDSA' }).sign(ours))).toBe(
      'jwt_unknown_key',
    );
    expect(await refusalOf(await sign({}, { kid: '' }))).toBe('jwt_unknown_key');
  });

  it('jwt_bad_signature: by another key, and by one that the header brings along', async () => {
    expect(await refusalOf(await sign({}, {}, theirs))).toBe('jwt_bad_signature');
    const jwk = await exportJWK((await generateKeyPair('EdDSA', { extractable: true })).publicKey);
    expect(await refusalOf(await sign({}, { jwk }, theirs))).toBe('jwt_bad_signature');
    expect(await refusalOf(`${(await sign()).split('.').slice(0, 2).join('.')}.`)).toBe('jwt_bad_signature');
  });

  it('jwt_wrong_algorithm: none, HS256, one that isn’t accepted, one that isn’t the key’s', async () => {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    expect(await refusalOf(`${encode({ alg: 'none', kid: 'k1' })}.${encode(CLAIMS)}.`)).toBe('jwt_wrong_algorithm');
    const secret = new TextEncoder().encode('x'.repeat(32));
    const hmac = await new SignJWT(CLAIMS).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(secret);
    expect(await refusalOf(hmac)).toBe('jwt_wrong_algorithm');
    expect(await refusalOf(await sign({}, { kid: 'curve' }))).toBe('jwt_wrong_algorithm');
    const loose = new JwtVerifier(
      { find: (kid) => Promise.resolve(keys.get(kid)) },
      { algorithms: ['EdDSA', 'ES256', 'HS256'], issuer: ISSUER, audience: ISSUER },
    );
    expect(await loose.verify(hmac)).toEqual({ refused: 'jwt_wrong_algorithm' });
    expect(await loose.verify(await sign({}, { kid: 'mistaken' }))).toEqual({ refused: 'jwt_wrong_algorithm' });
    keys.set('public', { key: keys.get('k1')!.key, alg: 'HS256' });
    const confused = await new SignJWT(CLAIMS).setProtectedHeader({ alg: 'HS256', kid: 'public' }).sign(secret);
    expect(await loose.verify(confused)).toEqual({ refused: 'jwt_wrong_algorithm' });
  });

  it('jwt_malformed: what is no JWT', async () => {
    for (const token of ['...', 'a.b.c', 'e30.e30.', '', 'e30.e30.e30.e30.e30'])
      expect(await refusalOf(token)).toBe('jwt_malformed');
    const text = await new CompactSign(new TextEncoder().encode('no claims'))
      .setProtectedHeader({ alg: 'EdDSA', kid: 'k1' })
      .sign(ours);
    expect(await refusalOf(text)).toBe('jwt_malformed');
    const critical = await new CompactSign(new TextEncoder().encode(JSON.stringify(CLAIMS)))
      .setProtectedHeader({ alg: 'EdDSA', kid: 'k1', crit: ['b64'], b64: true })
      .sign(ours);
    expect(await refusalOf(critical)).toBe('accepted');
  });

  it('keys that cannot be read are an outage and no refusal', async () => {
    const away = new JwtVerifier(
      { find: () => Promise.reject(new Error('away')) },
      { algorithms: ['EdDSA'], issuer: ISSUER, audience: ISSUER },
    );
    await expect(away.verify(await sign())).rejects.toThrow('away');
  });
});
