import { createTokenStore, lifetimeOf, SignedOutError } from './token-store.ts';

/** A token shaped like Better Auth's, `seconds` long. */
function jwt(seconds: number, id = 'a'): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'EdDSA' })}.${part({ iat: 1_000, exp: 1_000 + seconds, sid: id })}.sig`;
}

describe('lifetimeOf', () => {
  it('reads how long a token lives', () => expect(lifetimeOf(jwt(300))).toBe(300_000));
  it.each(['', 'a', 'a.b.c', '..', `x.${Buffer.from('null').toString('base64url')}.y`])('is 0 for %p', (token) => {
    expect(lifetimeOf(token)).toBe(0);
  });
});

const withClaims = (claims: object) => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`;

describe('a token that doesn’t say how long it lives', () => {
  it.each([{ iat: 1 }, { exp: 9_999 }, { iat: '1', exp: 9_999 }, { iat: 1, exp: '9999' }])(
    'is asked for anew each time: %j',
    (claims) => {
      expect(lifetimeOf(withClaims(claims))).toBe(0);
    },
  );

  it('is read whatever characters its claims have', () => {
    expect(lifetimeOf(withClaims({ iat: 1, exp: 2, name: '???>>>~~~ÿÿÿ' }))).toBe(1_000);
  });
});

describe('createTokenStore', () => {
  it('asks once and then answers from memory until the end is near', async () => {
    let now = 0;
    const tokens = [jwt(300, 'a'), jwt(300, 'b')];
    let asked = 0;
    const store = createTokenStore(
      () => Promise.resolve(tokens[asked++] ?? null),
      () => now,
    );
    expect(await store.get()).toBe(tokens[0]);
    now = 279_999;
    expect(await store.get()).toBe(tokens[0]);
    now = 280_000;
    expect(await store.get()).toBe(tokens[1]);
    expect(asked).toBe(2);
  });

  it('lets callers at the same time share one request', async () => {
    let asked = 0;
    const store = createTokenStore(() => Promise.resolve(jwt(300, String(asked++))));
    const answers = await Promise.all([store.get(), store.get(), store.get()]);
    expect(new Set(answers).size).toBe(1);
    expect(asked).toBe(1);
  });

  it('asks anew after it was cleared', async () => {
    let asked = 0;
    const store = createTokenStore(() => Promise.resolve(jwt(300, String(asked++))));
    const first = await store.get();
    store.clear();
    expect(await store.get()).not.toBe(first);
    expect(asked).toBe(2);
  });

  it('says that there is no session, and asks anew the next time', async () => {
    const answers = [null, jwt(300)];
    const store = createTokenStore(() => Promise.resolve(answers.shift() ?? null));
    await expect(store.get()).rejects.toThrow(new SignedOutError('There is no session.'));
    await expect(store.get()).resolves.toBe(jwt(300));
  });

  it('does not remember a failure of the network', async () => {
    let asked = 0;
    const store = createTokenStore(() =>
      asked++ === 0 ? Promise.reject(new TypeError('offline')) : Promise.resolve(jwt(300)),
    );
    await expect(store.get()).rejects.toThrow('offline');
    await expect(store.get()).resolves.toBe(jwt(300));
  });
});
