import { authCallsAnswered, duringAuthCall } from './auth-calls.ts';

/** Web Locks of a page, with the little that is used of them. */
class Locks {
  #chain: Promise<unknown> = Promise.resolve();

  request(_name: string, _options: { mode: string }, work: () => Promise<unknown>): Promise<unknown> {
    const result = this.#chain.then(work);
    this.#chain = result.catch(() => undefined);
    return result;
  }
}

const denied = { request: () => Promise.reject(new DOMException('storage is denied', 'SecurityError')) };

function browserWith(navigator: object): void {
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: navigator });
}

describe('calls of Better Auth and the tabs that wait for them', () => {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'navigator');

  afterEach(() => {
    if (own) Object.defineProperty(globalThis, 'navigator', own);
    else Reflect.deleteProperty(globalThis, 'navigator');
  });

  it('holds the lock until the answer has come', async () => {
    browserWith({ locks: new Locks() });
    const order: string[] = [];
    let answer = (): void => undefined;
    const call = duringAuthCall(() => new Promise<void>((resolve) => (answer = resolve)));
    const waiting = authCallsAnswered().then(() => order.push('waited'));
    await new Promise(setImmediate);
    order.push('answered');
    answer();
    await Promise.all([call, waiting]);
    expect(order).toEqual(['answered', 'waited']);
  });

  it('lets go of the lock when the call fails, and passes its error on', async () => {
    browserWith({ locks: new Locks() });
    await expect(duringAuthCall(() => Promise.reject(new Error('offline')))).rejects.toThrow('offline');
    await expect(authCallsAnswered()).resolves.toBeUndefined();
  });

  it.each([
    ['that has no locks', {}],
    ['whose storage is denied', { locks: denied }],
  ])('makes the call in a page %s', async (_page, navigator) => {
    browserWith(navigator);
    await expect(duringAuthCall(() => Promise.resolve('done'))).resolves.toBe('done');
    await expect(authCallsAnswered()).resolves.toBeUndefined();
  });
});
