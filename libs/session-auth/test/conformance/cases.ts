import type { SignedIn } from '@session-guard/auth/testing';
import { TEST_SECRET } from '../../../../test/better-auth.ts';
import { signToken } from '@session-guard/core';
import type { RouteName } from './routes.ts';
import { TRUSTED_ORIGIN, type World } from './world.ts';

/** Request headers: all a client can say to a guard. */
export type Credential = Readonly<Record<string, string>>;

/** One sentence of the contract, the same on every transport. */
export interface Case {
  readonly says: string;
  readonly route: RouteName;
  readonly credential: (world: World) => Promise<Prepared>;
  readonly expect: Expectation;
  /** Where the transport only reads: GET, and event streams. Default: as `expect`. */
  readonly expectWhenReading?: Expectation;
}

export type Expectation =
  | { readonly status: 200; readonly seen: boolean; readonly plan?: string }
  | { readonly status: 401 | 403; readonly code: string };

export interface Prepared {
  readonly headers: Credential;
  /** Whom the route must see. */
  readonly userId?: string;
  readonly sessionId?: string;
}

const HOUR_MS = 3_600_000;
const bearer = (value: string): Credential => ({ authorization: `Bearer ${value}` });
const cookie = (value: string): Credential => ({ cookie: value, origin: TRUSTED_ORIGIN });
const ok = { status: 200, seen: true } as const;
const nobody = { status: 200, seen: false } as const;
const unauthenticated = { status: 401, code: 'unauthenticated' } as const;
const forbidden = (code: string) => ({ status: 403, code }) as const;

type Person = Parameters<World['kit']['signIn']>;

/** Somebody of the test kit, with a raw token. */
function person(user?: Person[0], session?: Person[1], then?: (world: World, who: SignedIn) => Promise<void>) {
  return async (world: World): Promise<Prepared> => {
    const who = await world.kit.signIn(user, session);
    await then?.(world, who);
    return { headers: bearer(who.token), userId: who.userId, sessionId: who.sessionId };
  };
}

/** A credential of somebody with a good session. */
function credentialOf(make: (who: SignedIn, world: World) => Credential | Promise<Credential>) {
  return async (world: World): Promise<Prepared> => {
    const who = await world.kit.signIn();
    return { headers: await make(who, world), userId: who.userId, sessionId: who.sessionId };
  };
}

/** A member of an organization that is active in the session. */
function memberAs(role: string | undefined) {
  return async (world: World): Promise<Prepared> => {
    const organization = await world.kit.createOrganization();
    const who = await world.kit.signIn({}, { activeOrganizationId: organization });
    if (role) await world.kit.join(organization, who.userId, role);
    return { headers: bearer(who.token), userId: who.userId, sessionId: who.sessionId };
  };
}

/** Signed up through the real Better Auth, with the credential it hands out. */
function realPerson(
  choose: (given: {
    token: string;
    signed: string;
    cookie: string;
    jwt: () => Promise<string>;
  }) => Credential | Promise<Credential>,
) {
  return async ({ auth }: World): Promise<Prepared> => {
    const email = `real-${crypto.randomUUID()}@example.com`;
    const response = await auth.api.signUpEmail({
      body: { name: 'Real', email, password: 'correct horse battery' },
      asResponse: true,
    });
    const { token, user } = (await response.json()) as { token: string; user: { id: string } };
    const set = response.headers.getSetCookie().find((value) => value.includes('session_token=')) ?? '';
    const pair = set.slice(0, set.indexOf(';'));
    const headers = await choose({
      token,
      signed: response.headers.get('set-auth-token') ?? '',
      cookie: pair,
      jwt: async () => (await auth.api.getToken({ headers: new Headers({ cookie: pair }) })).token,
    });
    return { headers, userId: user.id };
  };
}

const anonymousRoute: Case[] = [
  { says: 'no credential', route: 'anonymous', credential: () => Promise.resolve({ headers: {} }), expect: nobody },
  {
    says: 'an unknown token',
    route: 'anonymous',
    credential: () => Promise.resolve({ headers: bearer('x'.repeat(32)) }),
    expect: nobody,
  },
  { says: 'a good token, which is not read', route: 'anonymous', credential: person(), expect: nobody },
];

const optionalRoute: Case[] = [
  { says: 'no credential', route: 'optional', credential: () => Promise.resolve({ headers: {} }), expect: nobody },
  {
    says: 'an unknown token',
    route: 'optional',
    credential: () => Promise.resolve({ headers: bearer('x'.repeat(32)) }),
    expect: nobody,
  },
  { says: 'a good token', route: 'optional', credential: person(), expect: ok },
  {
    says: 'a revoked session',
    route: 'optional',
    credential: person({}, {}, ({ kit }, who) => kit.revoke(who.sessionId)),
    expect: nobody,
  },
];

const realCredentials: Case[] = [
  {
    says: "Better Auth's raw token",
    route: 'required',
    credential: realPerson(({ token }) => bearer(token)),
    expect: ok,
  },
  {
    says: "Better Auth's set-auth-token",
    route: 'required',
    credential: realPerson(({ signed }) => bearer(signed)),
    expect: ok,
  },
  {
    says: 'the same, percent-encoded',
    route: 'required',
    credential: realPerson(({ signed }) => bearer(encodeURIComponent(signed))),
    expect: ok,
  },
  {
    says: "Better Auth's cookie",
    route: 'required',
    credential: realPerson((given) => cookie(given.cookie)),
    expect: ok,
  },
  {
    says: "Better Auth's JWT",
    route: 'required',
    credential: realPerson(async ({ jwt }) => bearer(await jwt())),
    expect: ok,
  },
];

const credentials: Case[] = [
  {
    says: 'no credential',
    route: 'required',
    credential: () => Promise.resolve({ headers: {} }),
    expect: unauthenticated,
  },
  {
    says: 'an unknown token',
    route: 'required',
    credential: () => Promise.resolve({ headers: bearer('x'.repeat(32)) }),
    expect: unauthenticated,
  },
  { says: 'a raw token', route: 'required', credential: credentialOf(({ token }) => bearer(token)), expect: ok },
  {
    says: 'scheme in capitals',
    route: 'required',
    credential: credentialOf(({ token }) => ({ authorization: `BEARER ${token}` })),
    expect: ok,
  },
  {
    says: 'scheme Basic, with a good cookie beside it',
    route: 'required',
    credential: credentialOf((who) => ({ authorization: 'Basic dXNlcjpwYXNzd29yZA==', ...cookie(who.cookie) })),
    expect: unauthenticated,
  },
  {
    says: 'a signed token',
    route: 'required',
    credential: credentialOf(({ signedToken }) => bearer(signedToken)),
    expect: ok,
  },
  {
    says: 'a signature by another secret',
    route: 'required',
    credential: credentialOf(({ token }) => bearer(`${token}.${signToken(token, `${TEST_SECRET}!`)}`)),
    expect: unauthenticated,
  },
  {
    says: 'a cookie and its trusted Origin',
    route: 'required',
    credential: credentialOf((who) => cookie(who.cookie)),
    expect: ok,
  },
  {
    says: 'a cookie from a foreign page',
    route: 'required',
    credential: credentialOf((who) => ({ cookie: who.cookie, origin: 'https://evil.example' })),
    expect: forbidden('origin_not_trusted'),
    expectWhenReading: ok,
  },
  {
    says: 'a cookie and the Origin null',
    route: 'required',
    credential: credentialOf((who) => ({ cookie: who.cookie, origin: 'null' })),
    expect: forbidden('origin_not_trusted'),
    expectWhenReading: ok,
  },
  {
    says: 'a cookie without an Origin',
    route: 'optional',
    credential: credentialOf((who) => ({ cookie: who.cookie })),
    expect: forbidden('origin_not_trusted'),
    expectWhenReading: ok,
  },
  {
    says: 'a token from a foreign page',
    route: 'required',
    credential: credentialOf(({ token }) => ({ ...bearer(token), origin: 'https://evil.example' })),
    expect: ok,
  },
  {
    says: 'a raw token in the cookie',
    route: 'required',
    credential: credentialOf(({ token }) => cookie(`better-auth.session_token=${token}`)),
    expect: unauthenticated,
  },
  {
    says: "another cookie of Better Auth's",
    route: 'required',
    credential: credentialOf(({ signedToken }) => cookie(`better-auth.session_data=${signedToken}`)),
    expect: unauthenticated,
  },
  {
    says: 'a JWT',
    route: 'required',
    credential: credentialOf(async (who, { kit }) => bearer(await kit.jwt(who))),
    expect: ok,
  },
  {
    says: 'a JWT for another audience',
    route: 'required',
    credential: credentialOf(async (who, { kit }) => bearer(await kit.jwt(who, { aud: 'https://else.example' }))),
    expect: unauthenticated,
  },
  {
    says: 'a JWT that ended half a minute ago',
    route: 'required',
    credential: credentialOf(async (who, { kit }) => bearer(await kit.jwt(who, {}, -30))),
    expect: unauthenticated,
  },
  {
    says: "an OAuth access token that names the user's session",
    route: 'required',
    credential: credentialOf(async (who, { kit }) =>
      bearer(await kit.jwt(who, { client_id: 'c1', azp: 'c1', scope: 'openid' })),
    ),
    expect: unauthenticated,
  },
  {
    says: "an ID token that names the user's session",
    route: 'required',
    credential: credentialOf(async (who, { kit }) => bearer(await kit.jwt(who, { acr: '0', at_hash: 'aGFzaA' }))),
    expect: unauthenticated,
  },
  {
    says: "a logout token that names the user's session",
    route: 'required',
    credential: credentialOf(async (who, { kit }) => bearer(await kit.jwt(who, { events: {} }))),
    expect: unauthenticated,
  },
  {
    says: 'a JWT without a session',
    route: 'required',
    credential: credentialOf(async (who, { kit }) => bearer(await kit.jwt(who, { sid: undefined }))),
    expect: unauthenticated,
  },
];

const sessions: Case[] = [
  {
    says: 'a revoked session',
    route: 'required',
    credential: person({}, {}, ({ kit }, who) => kit.revoke(who.sessionId)),
    expect: unauthenticated,
  },
  {
    says: 'an expired session',
    route: 'required',
    credential: person({}, {}, ({ kit }, who) => kit.expire(who.sessionId)),
    expect: unauthenticated,
  },
  {
    says: 'a deleted user',
    route: 'required',
    credential: person({}, {}, ({ kit }, who) => kit.deleteUser(who.userId)),
    expect: unauthenticated,
  },
  {
    says: 'a banned user',
    route: 'required',
    credential: person({}, {}, ({ kit }, who) => kit.ban(who.userId)),
    expect: unauthenticated,
  },
  {
    says: 'a user banned until tomorrow',
    route: 'required',
    credential: person({}, {}, ({ kit }, who) => kit.ban(who.userId, new Date(Date.now() + 24 * HOUR_MS))),
    expect: unauthenticated,
  },
  {
    says: 'a ban that is over',
    route: 'required',
    credential: person({}, {}, ({ kit }, who) => kit.ban(who.userId, new Date(Date.now() - HOUR_MS))),
    expect: ok,
  },
  {
    says: 'a custom field of the user',
    route: 'required',
    credential: person({ plan: 'gold' }),
    expect: { ...ok, plan: 'gold' },
  },
  {
    says: 'impersonated for two hours',
    route: 'required',
    credential: person({}, { impersonatedBy: 'admin', createdAt: new Date(Date.now() - 2 * HOUR_MS) }),
    expect: unauthenticated,
  },
];

const roles: Case[] = [
  { says: 'an administrator', route: 'adminOnly', credential: person({ role: 'admin' }), expect: ok },
  { says: 'one role of several', route: 'adminOnly', credential: person({ role: 'user,support' }), expect: ok },
  {
    says: 'another role',
    route: 'adminOnly',
    credential: person({ role: 'user' }),
    expect: forbidden('role_required'),
  },
  { says: 'no role', route: 'adminOnly', credential: person(), expect: forbidden('role_required') },
  {
    says: 'no credential',
    route: 'adminOnly',
    credential: () => Promise.resolve({ headers: {} }),
    expect: unauthenticated,
  },
];

const organizations: Case[] = [
  {
    says: 'an active organization',
    route: 'activeOrganization',
    credential: person({}, { activeOrganizationId: 'some' }),
    expect: ok,
  },
  {
    says: 'no active organization',
    route: 'activeOrganization',
    credential: person(),
    expect: forbidden('organization_required'),
  },
  { says: 'an owner', route: 'organizationOwner', credential: memberAs('owner'), expect: ok },
  {
    says: 'a member',
    route: 'organizationOwner',
    credential: memberAs('member'),
    expect: forbidden('organization_role_required'),
  },
  {
    says: 'no member at all',
    route: 'organizationOwner',
    credential: memberAs(undefined),
    expect: forbidden('organization_role_required'),
  },
  {
    says: 'no active organization',
    route: 'organizationOwner',
    credential: person(),
    expect: forbidden('organization_required'),
  },
];

const freshness: Case[] = [
  { says: 'a new session', route: 'freshSession', credential: person(), expect: ok },
  {
    says: 'a session of yesterday',
    route: 'freshSession',
    credential: person({}, { createdAt: new Date(Date.now() - 24 * HOUR_MS) }),
    expect: forbidden('session_not_fresh'),
  },
  { says: 'nobody impersonated', route: 'notImpersonated', credential: person(), expect: ok },
  {
    says: 'an impersonated user',
    route: 'notImpersonated',
    credential: person({}, { impersonatedBy: 'admin' }),
    expect: forbidden('impersonation_not_allowed'),
  },
];

/** What holds whatever the credential looks like. */
export const CASES_OF_ANY_CREDENTIAL: readonly Case[] = [
  ...anonymousRoute,
  ...optionalRoute,
  ...sessions,
  ...roles,
  ...organizations,
  ...freshness,
];

export const CASES: readonly Case[] = [...CASES_OF_ANY_CREDENTIAL, ...realCredentials, ...credentials];
