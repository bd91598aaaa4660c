import type { MembershipRepository, RefusalReason } from '@session-guard/core';
import { Logger, type Type } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { authConfig } from './auth.config.ts';
import {
  AuthForbiddenException,
  SessionStoreUnavailableException,
  UnauthenticatedException,
} from './auth.exceptions.ts';
import type { LookupLimit } from './auth.options.ts';
import type { GuardedRequest, Identity } from './auth.types.ts';
import type { ContextAdapter } from './contexts/context.adapter.ts';
import { registerContexts } from './contexts/context.registry.ts';
import { provenIdentity } from './contexts/proven.identity.ts';
import { AllowAnonymous, OptionalAuth, OrgRoles, Roles } from './decorators/access.decorators.ts';
import type { SessionEvents } from './session.events.ts';
import { SessionGuard } from './session.guard.ts';
import type { SessionVerifier, Verdict } from './session.verifier.ts';

const ORIGIN = 'https://app.example.com';
const EVENTS = {} as SessionEvents;
const IDENTITY = {
  user: { id: 'u1', role: 'user' },
  session: { id: 's1', activeOrganizationId: 'org' },
  organizationId: 'org',
} as Identity;
const ACCEPTED: Verdict = { identity: IDENTITY, credential: 'token', attachedByBrowser: false };
const BY_COOKIE: Verdict = { identity: IDENTITY, credential: 'cookie', attachedByBrowser: true };
const refused = (reason: RefusalReason): Verdict => ({ refused: reason, credential: undefined });

class Probe {
  closed() {}
  @AllowAnonymous() open() {}
  @OptionalAuth() perhaps() {}
  @Roles(['admin']) admin() {}
  @OrgRoles(['owner']) owner() {}
}

describe('SessionGuard', () => {
  beforeEach(() => Logger.overrideLogger(false));
  afterEach(() => Logger.overrideLogger(['error']));

  /** A guard on verdicts and memberships in the test's hand. */
  function guardOf(lookupLimit?: LookupLimit) {
    const world = {
      verdict: ACCEPTED as Verdict | Promise<Verdict>,
      known: undefined as Verdict | undefined,
      organizationRoles: (): Promise<readonly string[]> => Promise.resolve(['owner']),
      verified: 0,
    };
    const verifier = {
      verify: () => {
        world.verified += 1;
        return world.verdict;
      },
      recall: () => world.known,
    } as unknown as SessionVerifier;
    const memberships = { rolesOf: () => world.organizationRoles() } as unknown as MembershipRepository;
    const config = authConfig({
      baseURL: ORIGIN,
      secret: 'q7hK2pWz9sLx4vNc8bRt6yUe1mDf3gJa',
      ...(lookupLimit ? { lookupLimit } : {}),
    });
    return { world, guard: new SessionGuard(verifier, memberships, EVENTS, config) };
  }

  function call(route: keyof Probe = 'closed', { method = 'GET', origin }: { method?: string; origin?: string } = {}) {
    const answered: Record<string, string> = {};
    const request: GuardedRequest = { method, headers: origin === undefined ? {} : { origin } };
    const reply = { header: (name: string, value: string) => (answered[name] = value) };
    const context = new ExecutionContextHost([request, reply], Probe as Type, Probe.prototype[route]);
    return { context, request, answered };
  }

  /** What the guard throws, at once or later. */
  async function thrownBy(guard: SessionGuard, { context }: ReturnType<typeof call>): Promise<unknown> {
    try {
      await guard.canActivate(context);
    } catch (error) {
      return error;
    }
    throw new Error('It let the request through.');
  }

  it('lets a proven request through at once, with whose it is on it', () => {
    const { guard } = guardOf();
    const { context, request } = call();
    expect(guard.canActivate(context)).toBe(true);
    expect(provenIdentity(request)).toBe(IDENTITY);
    expect(request.user).toBe(IDENTITY.user);
  });

  it('lets one through whose verdict comes later', async () => {
    const { guard, world } = guardOf();
    world.verdict = Promise.resolve(ACCEPTED);
    const { context, request } = call();
    expect(await guard.canActivate(context)).toBe(true);
    expect(provenIdentity(request)).toBe(IDENTITY);
  });

  it('reads no credential on an open route, and proves nothing there', () => {
    const { guard, world } = guardOf();
    const { context, request } = call('open');
    expect(guard.canActivate(context)).toBe(true);
    expect([world.verified, provenIdentity(request)]).toEqual([0, undefined]);
  });

  it('lets nobody through on an optional route, as nobody, and takes back whom an earlier message proved', () => {
    const { guard, world } = guardOf();
    const { context, request } = call('perhaps');
    void guard.canActivate(context);
    expect(provenIdentity(request)).toBe(IDENTITY);
    world.verdict = refused('expired');
    expect(guard.canActivate(context)).toBe(true);
    expect([provenIdentity(request), 'user' in request]).toEqual([null, false]);
  });

  it.each<[RefusalReason, string]>([
    ['missing', 'Bearer realm="api"'],
    ['malformed', 'Bearer realm="api", error="invalid_token"'],
    ['expired', 'Bearer realm="api", error="invalid_token"'],
  ])('%s → 401, and a challenge that names an error only where a credential was sent', async (reason, challenge) => {
    const { guard, world } = guardOf();
    for (const verdict of [refused(reason), Promise.resolve(refused(reason))]) {
      world.verdict = verdict;
      const asked = call();
      const error = await thrownBy(guard, asked);
      expect(error).toBeInstanceOf(UnauthenticatedException);
      expect(error).toMatchObject({ status: 401, reason });
      expect(asked.answered).toEqual({ 'WWW-Authenticate': challenge });
      expect(provenIdentity(asked.request)).toBeUndefined();
    }
  });

  it('answers every refusal alike, and says why to the log alone', async () => {
    const logged = jest.spyOn(Logger.prototype, 'debug').mockImplementation(() => undefined);
    const { guard, world } = guardOf();
    const answers = new Set<string>();
    for (const reason of ['missing', 'banned', 'jwt_expired'] as const) {
      world.verdict = refused(reason);
      answers.add(JSON.stringify(((await thrownBy(guard, call())) as UnauthenticatedException).getResponse()));
      expect(logged).toHaveBeenLastCalledWith(expect.stringContaining(reason));
    }
    expect(answers.size).toBe(1);
    logged.mockRestore();
  });

  it('no answer from the database → 503 and Retry-After, on optional routes too; no host is logged', async () => {
    const warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const failures = [
      [Object.assign(new Error('connect db.internal'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
      [new TypeError('connect db.internal'), 'TypeError'],
      ['db.internal', 'unknown'],
    ] as const;
    for (const [failure, name] of failures) {
      for (const route of ['closed', 'perhaps'] as const) {
        const { guard, world } = guardOf();
        // As a driver's pool may: what is thrown needn't be an Error.
        world.verdict = Promise.resolve().then(() => Promise.reject(failure as Error));
        const asked = call(route);
        const error = await thrownBy(guard, asked);
        expect(error).toBeInstanceOf(SessionStoreUnavailableException);
        expect(error).toMatchObject({ status: 503, cause: failure });
        expect(asked.answered).toEqual({ 'Retry-After': '1' });
        expect(warned).toHaveBeenLastCalledWith(`The session could not be checked: ${name}`);
      }
    }
    warned.mockRestore();
  });

  it.each([
    [
      'the cookie on an unsafe request from a stranger’s page',
      'origin_not_trusted',
      BY_COOKIE,
      { method: 'POST', origin: 'https://evil.example' },
    ],
    ['the cookie on an unsafe request without Origin', 'origin_not_trusted', BY_COOKIE, { method: 'DELETE' }],
    ['the cookie on an unsafe request from a page of ours', 'through', BY_COOKIE, { method: 'POST', origin: ORIGIN }],
    ['the cookie on a safe request from anywhere', 'through', BY_COOKIE, { origin: 'https://evil.example' }],
    [
      'a bearer token on an unsafe request from anywhere',
      'through',
      ACCEPTED,
      { method: 'POST', origin: 'https://evil.example' },
    ],
  ] as const)('%s → %s', async (_what, expected, verdict, sent) => {
    const { guard, world } = guardOf();
    world.verdict = verdict;
    const asked = call('closed', sent);
    if (expected === 'through') {
      expect(guard.canActivate(asked.context)).toBe(true);
      return;
    }
    expect(await thrownBy(guard, asked)).toMatchObject({ status: 403, code: expected, userId: 'u1' });
    expect(provenIdentity(asked.request)).toBeUndefined();
  });

  it('the cookie from a stranger’s page is refused on an optional route too: it proves somebody', async () => {
    const { guard, world } = guardOf();
    world.verdict = BY_COOKIE;
    expect(await thrownBy(guard, call('perhaps', { method: 'POST' }))).toMatchObject({ code: 'origin_not_trusted' });
  });

  it('a proven user without the role → 403 with their id for the log, and nobody is proven', async () => {
    const logged = jest.spyOn(Logger.prototype, 'debug').mockImplementation(() => undefined);
    const { guard } = guardOf();
    const asked = call('admin');
    const error = await thrownBy(guard, asked);
    expect(error).toBeInstanceOf(AuthForbiddenException);
    expect(error).toMatchObject({ status: 403, code: 'role_required', userId: 'u1' });
    expect(asked.answered).toEqual({ 'WWW-Authenticate': 'Bearer realm="api", error="insufficient_scope"' });
    expect(logged).toHaveBeenLastCalledWith('Forbidden: role_required');
    expect(provenIdentity(asked.request)).toBeUndefined();
    logged.mockRestore();
  });

  it('an error of our own in a rule is no 403', async () => {
    const { guard, world } = guardOf();
    world.verdict = { ...ACCEPTED, identity: { user: null, session: {} } as unknown as Identity };
    expect(await thrownBy(guard, call('admin'))).toBeInstanceOf(TypeError);
  });

  it('a member with the role is let through once the roles were read, and not before', async () => {
    const { guard } = guardOf();
    const { context, request } = call('owner');
    const admitted = guard.canActivate(context);
    expect(provenIdentity(request)).toBeUndefined();
    expect(await admitted).toBe(true);
    expect(provenIdentity(request)).toBe(IDENTITY);
  });

  it('a member without the role → 403; roles that can’t be read → 503; neither proves anybody', async () => {
    const { guard, world } = guardOf();
    world.organizationRoles = () => Promise.resolve(['member']);
    const member = call('owner');
    expect(await thrownBy(guard, member)).toMatchObject({
      status: 403,
      code: 'organization_role_required',
      userId: 'u1',
    });
    world.organizationRoles = () => Promise.reject(new Error('away'));
    const away = call('owner');
    expect(await thrownBy(guard, away)).toMatchObject({
      status: 503,
      cause: expect.objectContaining({ message: 'away' }),
    });
    expect([provenIdentity(member.request), provenIdentity(away.request)]).toEqual([undefined, undefined]);
  });

  describe('with a limit on lookups', () => {
    const limited = () => {
      const steps: string[] = [];
      const made = guardOf({ begin: () => void steps.push('begin'), end: () => void steps.push('end') });
      return { ...made, steps };
    };

    it('what is remembered is decided at once and isn’t counted', () => {
      const { guard, world, steps } = limited();
      world.known = ACCEPTED;
      const { context, request } = call();
      expect(guard.canActivate(context)).toBe(true);
      expect(provenIdentity(request)).toBe(IDENTITY);
      expect([world.verified, steps]).toEqual([0, []]);
    });

    it('a lookup is counted until it ended, whatever came of it', async () => {
      const outcomes = [
        () => Promise.resolve(ACCEPTED),
        () => Promise.resolve(refused('unknown_session')),
        () => Promise.reject(new Error('away')),
        () => refused('malformed'),
      ];
      for (const outcome of outcomes) {
        const { guard, world, steps } = limited();
        let answer: () => void = () => undefined;
        const held = new Promise<void>((resolve) => (answer = resolve));
        world.verdict = held.then(outcome);
        const admitted = Promise.resolve(guard.canActivate(call().context)).catch(() => undefined);
        expect(steps).toEqual(['begin']);
        answer();
        await admitted;
        expect(steps).toEqual(['begin', 'end']);
      }
    });

    it('a limit that refuses is what the client hears; nothing is asked, nothing ends', async () => {
      const refusal = new Error('too many');
      const ended: unknown[] = [];
      const { guard, world } = guardOf({
        begin: () => {
          throw refusal;
        },
        end: (request) => ended.push(request),
      });
      expect(await thrownBy(guard, call())).toBe(refusal);
      expect([world.verified, ended]).toEqual([0, []]);
    });

    it('is told of the request that began', async () => {
      const told: unknown[] = [];
      const { guard } = guardOf({ begin: (request) => told.push(request), end: (request) => told.push(request) });
      const { context, request } = call();
      await guard.canActivate(context);
      expect(told).toEqual([request, request]);
      expect(told[0]).toBe(request);
    });
  });

  describe('on another transport', () => {
    const accepted: unknown[][] = [];
    const socket: ContextAdapter = {
      type: 'guard-spec',
      requestOf: (context) => context.getArgByIndex<GuardedRequest>(0),
      accepted: (...told) => void accepted.push(told),
      refusal: (error) => new Error(`translated: ${error.getStatus()}`),
      alwaysChecksOrigin: true,
    };
    const message = (route: keyof Probe = 'closed') => {
      const made = call(route, { origin: 'https://evil.example' });
      made.context.setType('guard-spec');
      return made;
    };
    beforeAll(() => registerContexts([socket]));
    beforeEach(() => void accepted.splice(0));

    it.each(['closed', 'owner'] as const)(
      'the adapter hears once that the message was let through (%s)',
      async (route) => {
        const { guard } = guardOf();
        const { context, request } = message(route);
        await guard.canActivate(context);
        expect(accepted).toEqual([[context, request, EVENTS]]);
      },
    );

    it('where no headers can be set, each refusal is thrown in the transport’s own words', async () => {
      const { guard, world } = guardOf();
      const words = async () => ((await thrownBy(guard, message())) as Error).message;
      world.verdict = refused('missing');
      expect(await words()).toBe('translated: 401');
      world.verdict = Promise.reject(new Error('away'));
      expect(await words()).toBe('translated: 503');
      // The Origin counts on a safe method too: the transport says so.
      world.verdict = BY_COOKIE;
      expect(await words()).toBe('translated: 403');
      expect(((await thrownBy(guard, message('admin'))) as Error).message).toBe('translated: 403');
      expect(accepted).toEqual([]);
    });

    it('one that nobody registered is an error, and no way in', () => {
      const { guard } = guardOf();
      const { context } = call();
      context.setType('unheard-of');
      expect(() => guard.canActivate(context)).toThrow(
        /doesn't know the execution context 'unheard-of'\. Pass its adapter/,
      );
    });
  });
});
