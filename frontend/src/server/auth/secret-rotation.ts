import { createHmac, timingSafeEqual } from 'node:crypto';
import { SESSION_SECONDS } from './session-lifetime.ts';

/** What Better Auth puts behind a signed cookie's value: base64(HMAC-SHA256), 44 characters. */
const SIGNED = /^(.+)\.([A-Za-z0-9+/]{43}=)$/;

function sign(value: string, secret: string): string {
  return createHmac('sha256', secret).update(value).digest('base64');
}

function signedWith(value: string, signature: string, secret: string): boolean {
  return timingSafeEqual(Buffer.from(sign(value, secret)), Buffer.from(signature));
}

/** A `Cookie` header whose signatures were renewed, and the renewed cookies by name, their values encoded. */
export interface Renewed {
  header: string;
  cookies: Map<string, string>;
}

/**
 * Signs cookies of an older secret with the current one. Better Auth accepts only the first of its secrets in a cookie:
 * without this, a rotation would sign everybody out.
 *
 * @param header a `Cookie` header
 * @param secrets of the web application, the current one first
 * @returns undefined when no cookie was signed with an older secret, the usual case
 */
export function renewSignatures(header: string | null, secrets: readonly string[]): Renewed | undefined {
  const [current, ...older] = secrets;
  if (!header || current === undefined || older.length === 0) return undefined;
  const cookies = new Map<string, string>();
  const parts = header.split(';').map((part) => {
    const [, name = '', encoded = ''] = /^\s*([^=]+)=(.*?)\s*$/.exec(part) ?? [];
    const [, value, signature] = SIGNED.exec(decode(encoded)) ?? [];
    if (value === undefined || signature === undefined || signedWith(value, signature, current)) return part;
    if (!older.some((secret) => signedWith(value, signature, secret))) return part;
    const renewed = encodeURIComponent(`${value}.${sign(value, current)}`);
    cookies.set(name, renewed);
    return `${name}=${renewed}`;
  });
  return cookies.size === 0 ? undefined : { header: parts.map((part) => part.trim()).join('; '), cookies };
}

/** What decides how cookies are renewed. */
export interface RotationSettings {
  secrets: readonly { value: string }[] | undefined;
  webUrl: string;
}

/**
 * Renews the cookies of a request in place.
 *
 * @returns `Set-Cookie` lines by which the browser keeps what was renewed of the session. Its row decides how long it
 *   really lives; a person who asked not to be remembered has a cookie that ends with the browser.
 */
export function renewCookies(headers: Headers, { secrets = [], webUrl }: RotationSettings): string[] {
  const renewed = renewSignatures(
    headers.get('cookie'),
    secrets.map(({ value }) => value),
  );
  if (!renewed) return [];
  headers.set('cookie', renewed.header);
  const lifetime = renewed.header.includes('.dont_remember=') ? '' : `; Max-Age=${SESSION_SECONDS}`;
  const secure = webUrl.startsWith('https:') ? '; Secure' : '';
  return [...renewed.cookies]
    .filter(([name]) => name.endsWith('.session_token'))
    .map(([name, value]) => `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${lifetime}${secure}`);
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return '';
  }
}
