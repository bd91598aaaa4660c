import { createHmac } from 'node:crypto';
import fc from 'fast-check';

/** What a client sends. */
export interface Presented {
  readonly authorization?: string;
  readonly cookie?: string;
}

export function sign(token: string, secret: string): string {
  return `${token}.${createHmac('sha256', secret).update(token).digest('base64')}`;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Another spelling of the last base64 character: the same four bits, other unused ones. */
function respell(char: string, step: number): string {
  const index = ALPHABET.indexOf(char);
  return index < 0 ? char : (ALPHABET[(index & ~3) | ((index + step) & 3)] ?? char);
}

/** What a value may go through on its way: mistakes of clients and proxies, and tricks of attackers. */
export const mutations: fc.Arbitrary<(value: string) => string> = fc.oneof(
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
    ([at, char]) =>
      (value: string) =>
        value.slice(0, at) + char + value.slice(at),
  ),
  fc.tuple(fc.nat(80), fc.constantFrom('A', 'z', '0', '+', '/', '=')).map(
    ([at, char]) =>
      (value: string) =>
        value.slice(0, at) + char + value.slice(at + 1),
  ),
  fc.nat(80).map((at) => (value: string) => value.slice(0, at) + value.slice(at + 1)),
  fc.nat(80).map((at) => (value: string) => value.slice(0, at)),
  // The character before the padding: one in four of these decodes to the same bytes.
  fc.constantFrom(...ALPHABET.split('')).map((char) => (value: string) => value.replace(/.=$/, `${char}=`)),
  fc
    .constantFrom(1, 2, 3)
    .map((step) => (value: string) => value.replace(/(.)=$/, (_, char: string) => `${respell(char, step)}=`)),
);

/**
 * Authorization and Cookie headers around some tokens: as issued, mistaken by clients and proxies, and forged.
 *
 * @param tokens of sessions that are alive, expired and revoked
 */
export function presentedCredentials(
  tokens: readonly string[],
  secret: string,
  cookieName: string,
): fc.Arbitrary<Presented> {
  const token = fc.constantFrom(...tokens);
  const secretValue = fc.oneof(
    { weight: 8, arbitrary: token.map((value) => sign(value, secret)) },
    { weight: 4, arbitrary: token },
    token.map((value) => sign(value, 'another-secret-of-32-characters-length')),
    fc.tuple(token, token).map(([first, second]) => `${first}.${sign(second, secret).split('.')[1] ?? ''}`),
    fc.tuple(token, fc.constantFrom('a', 'a.b')).map(([value, extra]) => sign(`${value}.${extra}`, secret)),
    fc.string({ maxLength: 60 }),
    fc.constantFrom('', '.', '..', 'a.b.c', 'null', 'undefined'),
  );
  const mutated = fc
    .tuple(secretValue, mutations, fc.oneof({ weight: 3, arbitrary: fc.constant((value: string) => value) }, mutations))
    .map(([value, first, second]) => second(first(value)));

  const scheme = fc.oneof(
    { weight: 5, arbitrary: fc.constant('Bearer ') },
    fc.constantFrom(
      'bearer ',
      'BEARER ',
      'bEaReR ',
      'Bearer',
      'Bearer  ',
      'Bearer\t',
      'Basic ',
      'Token ',
      '',
      ' Bearer ',
    ),
  );
  const authorization = fc.tuple(scheme, mutated).map(([prefix, value]) => prefix + value);

  const name = fc.oneof(
    { weight: 6, arbitrary: fc.constant(cookieName) },
    fc.constantFrom(
      `__Secure-${cookieName}`,
      cookieName.replace('__Secure-', ''),
      `__Host-${cookieName}`,
      cookieName.toUpperCase(),
      ` ${cookieName}`,
      `${cookieName} `,
      'better-auth.session_token',
      'better-auth.session_data',
      'other',
    ),
  );
  const pair = fc.tuple(name, mutated).map(([key, value]) => `${key}=${value}`);
  const cookie = fc
    .tuple(
      fc.array(fc.oneof(pair, fc.constantFrom('a=b', 'theme=dark', 'broken', '=x', '')), { maxLength: 2 }),
      pair,
      fc.array(pair, { maxLength: 2 }),
      fc.constantFrom('; ', ';', ' ;  '),
    )
    .map(([before, own, after, separator]) => [...before, own, ...after].join(separator));

  return fc.oneof(
    { weight: 5, arbitrary: authorization.map((value) => ({ authorization: value })) },
    { weight: 5, arbitrary: cookie.map((value) => ({ cookie: value })) },
    {
      weight: 1,
      arbitrary: fc.tuple(authorization, cookie).map(([first, second]) => ({ authorization: first, cookie: second })),
    },
  );
}
