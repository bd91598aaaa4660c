import { randomBytes } from 'node:crypto';
import { Client } from './client.ts';

/** Where the two applications are. */
export interface Site {
  readonly webUrl: string;
  readonly apiUrl: string;
}

/** Somebody who signed up. */
export class Account {
  readonly client: Client;
  /** Headers of a request to the API. */
  readonly bearer: Readonly<Record<string, string>>;

  /** @param token never printed */
  constructor(
    readonly address: string,
    readonly token: string,
  ) {
    this.client = new Client(address);
    this.bearer = { authorization: `Bearer ${token}` };
  }
}

/** Signs up at the web application, as anybody may. @throws Error when that is refused */
export async function signUp({ webUrl }: Site, address: string): Promise<Account> {
  const email = `${randomBytes(8).toString('hex')}@example.com`;
  const response = await fetch(`${webUrl}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: webUrl, 'x-forwarded-for': address },
    body: JSON.stringify({ name: 'Somebody', email, password: randomBytes(12).toString('hex') }),
  });
  const { token } = (await response.json()) as { token?: string };
  if (!response.ok || token === undefined) throw new Error(`The sign-up answered ${response.status}.`);
  return new Account(address, token);
}
