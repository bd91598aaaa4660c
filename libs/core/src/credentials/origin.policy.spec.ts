import { originAllowed } from './origin.policy.ts';

const TRUSTED = new Set(['https://app.example.com']);
const ask = (method: string | undefined, origin?: string | string[], always = false) =>
  originAllowed(
    { ...(method === undefined ? {} : { method }), headers: origin === undefined ? {} : { origin } },
    TRUSTED,
    always,
  );

describe('originAllowed', () => {
  it.each(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'get', undefined])('%s is safe from anywhere', (method) => {
    expect(ask(method)).toBe(true);
    expect(ask(method, 'https://evil.example')).toBe(true);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'QUERY', 'post', ''])('%s needs a trusted Origin', (method) => {
    expect(ask(method, 'https://app.example.com')).toBe(true);
    for (const origin of [
      undefined,
      'null',
      '',
      'https://evil.example',
      'https://app.example.com.evil.example',
      'https://app.example.com/',
      'HTTPS://APP.EXAMPLE.COM',
    ]) {
      expect([origin, ask(method, origin)]).toEqual([origin, false]);
    }
    expect(ask(method, ['https://app.example.com'])).toBe(false);
  });

  it('where the transport says always, a GET needs one too', () => {
    expect(ask('GET', undefined, true)).toBe(false);
    expect(ask('GET', 'https://app.example.com', true)).toBe(true);
  });
});
