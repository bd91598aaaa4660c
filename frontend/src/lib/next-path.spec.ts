import fc from 'fast-check';
import { safeNextPath, signInPath } from './next-path.ts';

describe('safeNextPath', () => {
  it.each([
    '/tasks',
    '/account',
    '/account/sessions',
    '/tasks?status=done&q=milk#x',
    '/admin?q=%2F%2F',
    '/apiary',
    '/x/api',
    '/a%20b',
    '/a//b',
    '/' + 'a'.repeat(1_999),
  ])('keeps %s', (path) => {
    expect(safeNextPath(path)).toBe(path);
  });

  it.each([
    undefined,
    null,
    ['/tasks'],
    '',
    'tasks',
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/a\\b',
    '/.//evil.example',
    '/..//evil.example',
    'javascript:alert(1)',
    ' /tasks',
    '/api/auth/sign-out',
    '/sign-in?next=/sign-in',
    '/sign-up',
    '/api',
    '/two-factor',
    '/_next/static/x.js',
    '/x/../api/auth/sign-out',
    '/a\u0000b',
    '/a\u001fb',
    '/a\u007fb',
    '/' + 'a'.repeat(2_000),
  ])('answers /tasks for %p', (next) => {
    expect(safeNextPath(next)).toBe('/tasks');
  });

  it('writes a space as URLs do', () => {
    expect(safeNextPath('/tasks?q=oat milk')).toBe('/tasks?q=oat%20milk');
  });

  it('never leaves the origin, whatever is typed', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((text) => `/${text}`),
        ),
        (next) => {
          const url = new URL(safeNextPath(next), 'https://app.example.com');
          expect(url.origin).toBe('https://app.example.com');
        },
      ),
    );
  });
});

describe('signInPath', () => {
  it('remembers where to return to, and leaves out what is the default anyway', () => {
    expect(signInPath('/account?x=1')).toBe('/sign-in?next=%2Faccount%3Fx%3D1');
    expect(signInPath('/tasks')).toBe('/sign-in');
    expect(signInPath('/tasks', 'ended')).toBe('/sign-in?reason=ended');
    expect(signInPath('/account', 'ended')).toBe('/sign-in?next=%2Faccount&reason=ended');
    expect(signInPath('//evil.example')).toBe('/sign-in');
  });
});
