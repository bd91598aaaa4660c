import { randomBytes } from 'node:crypto';

/** Somebody who signed in through the balancer, with every credential they then have. */
export interface SignedIn {
  id: string;
  email: string;
  /** The raw session token. */
  token: string;
  /** A `Cookie` header. */
  cookie: string;
  /** A JWT of fifteen minutes. */
  jwt: string;
}

const PASSWORD = 'correct horse battery';

/** Signs up, and so in, at Better Auth's `url` as a browser does. */
export async function signUp(url: string, name = 'Ada'): Promise<SignedIn> {
  const email = `${name.toLowerCase()}-${randomBytes(6).toString('hex')}@example.com`;
  const response = await post(url, '/api/auth/sign-up/email', { name, email, password: PASSWORD });
  if (!response.ok) throw new Error(`Sign-up answered ${response.status}: ${await response.text()}`);
  return credentials(url, email, response);
}

/** Signs somebody in once more: another session. */
export async function signIn(url: string, { email }: SignedIn): Promise<SignedIn> {
  const response = await post(url, '/api/auth/sign-in/email', { email, password: PASSWORD });
  if (!response.ok) throw new Error(`Sign-in answered ${response.status}: ${await response.text()}`);
  return credentials(url, email, response);
}

/** Ends the session. */
export async function signOut(url: string, { cookie }: SignedIn): Promise<void> {
  const response = await post(url, '/api/auth/sign-out', {}, { cookie });
  if (!response.ok) throw new Error(`Sign-out answered ${response.status}`);
}

/** A new JWT for the session; `undefined` when Better Auth refuses it. */
export async function newJwt(url: string, token: string): Promise<string | undefined> {
  const response = await fetch(`${url}/api/auth/token`, { headers: { authorization: `Bearer ${token}` } });
  const body = (await response.json()) as { token?: string } | null;
  return response.ok ? body?.token : undefined;
}

/** The status of a GET with a credential; the body is read, so that the connection can be used again. */
export async function statusOf(url: string, headers: Readonly<Record<string, string>>): Promise<{ status: number }> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) });
  await response.arrayBuffer();
  return { status: response.status };
}

async function credentials(url: string, email: string, response: Response): Promise<SignedIn> {
  const body = (await response.json()) as { token: string; user: { id: string } };
  const cookie =
    response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0] ?? '')
      .find((line) => line.includes('session_token')) ?? '';
  return { id: body.user.id, email, token: body.token, cookie, jwt: (await newJwt(url, body.token)) ?? '' };
}

function post(
  url: string,
  path: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url, ...headers },
    body: JSON.stringify(body),
  });
}
