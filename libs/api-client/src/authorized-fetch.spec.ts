import { authorizedFetch } from './authorized-fetch.ts';
import type { TokenSource } from './token-source.ts';

const URL = 'http://api.test/';
const refused = () => new Response(null, { status: 401 });
const answered = () => new Response('ok');

describe('authorizedFetch', () => {
  /** A token source whose renewals are counted, and a server that takes one token. */
  function world(good: string) {
    const state = { token: 'old' as string | undefined, renewals: 0, sent: [] as (string | null)[] };
    const source: TokenSource = {
      get: () => state.token,
      renew: async () => {
        state.renewals += 1;
        await Promise.resolve();
        return (state.token = 'new');
      },
    };
    const fetch = (request: Request) => {
      const sent = request.headers.get('authorization');
      state.sent.push(sent);
      return Promise.resolve(sent === `Bearer ${good}` ? answered() : refused());
    };
    return { state, source, fetch, send: authorizedFetch({ token: source, fetch }) };
  }

  it('a request refused after another one renewed takes the new token, and renews nothing', async () => {
    const { state, source } = world('new');
    const waiting: ((response: Response) => void)[] = [];
    const send = authorizedFetch({
      token: source,
      fetch: (request) =>
        request.headers.get('authorization') === 'Bearer new'
          ? Promise.resolve(answered())
          : new Promise<Response>((resolve) => void waiting.push(resolve)),
    });
    const first = send(new Request(URL));
    const second = send(new Request(URL));
    while (waiting.length < 2) await Promise.resolve();
    waiting[0]?.(refused());
    expect((await first).status).toBe(200);
    expect(state.renewals).toBe(1);
    waiting[1]?.(refused());
    expect((await second).status).toBe(200);
    expect(state.renewals).toBe(1);
  });

  it('after a renewal, the next refusal renews again', async () => {
    const { state, send } = world('never');
    expect((await send(new Request(URL))).status).toBe(401);
    state.token = 'old';
    expect((await send(new Request(URL))).status).toBe(401);
    expect(state.renewals).toBe(2);
  });

  it('a failed renewal is the caller’s, and the next request tries again', async () => {
    let failing = true;
    const send = authorizedFetch({
      token: {
        get: () => 'old',
        renew: () => (failing ? Promise.reject(new Error('signed out')) : Promise.resolve('new')),
      },
      fetch: (request) =>
        Promise.resolve(request.headers.get('authorization') === 'Bearer new' ? answered() : refused()),
    });
    await expect(send(new Request(URL))).rejects.toThrow('signed out');
    failing = false;
    expect((await send(new Request(URL))).status).toBe(200);
  });

  it.each([200, 403, 429, 503])('%d is handed on, and renews nothing', async (status) => {
    const { state, source } = world('new');
    const send = authorizedFetch({ token: source, fetch: () => Promise.resolve(new Response(null, { status })) });
    expect((await send(new Request(URL))).status).toBe(status);
    expect(state.renewals).toBe(0);
  });

  it('a request given up meanwhile is not sent again', async () => {
    const { state, source } = world('new');
    const abort = new AbortController();
    let sent = 0;
    const send = authorizedFetch({
      token: source,
      fetch: () => {
        sent += 1;
        abort.abort();
        return Promise.resolve(refused());
      },
    });
    expect((await send(new Request(URL, { signal: abort.signal }))).status).toBe(401);
    expect([sent, state.renewals]).toEqual([1, 1]);
  });

  it('without a token at hand none is sent, and one that is to be had is fetched once', async () => {
    const { state, send } = world('new');
    state.token = undefined;
    expect((await send(new Request(URL))).status).toBe(200);
    expect(state.sent).toEqual([null, 'Bearer new']);
  });
});
