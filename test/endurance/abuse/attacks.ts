import { randomBytes } from 'node:crypto';
import type { Account, Site } from './account.ts';

/** One thing an attacker does over and over. */
export type Attack = (attacker: Account, site: Site) => Promise<unknown>;

const word = (): string => randomBytes(12).toString('hex');
/** Characters that are three bytes long and different each time: the most that a row and the search index can hold. */
const rare = (length: number): string =>
  String.fromCodePoint(...Array.from({ length }, () => 0x4e00 + Math.floor(Math.random() * 20_000)));

const manyKeys = JSON.stringify(Object.fromEntries(Array.from({ length: 74_000 }, (_, index) => [`key${index}`, 1])));
const badStrings = JSON.stringify({ operations: Array.from({ length: 25_000 }, () => ({ title: '\u0000', x: 1 })) });

/** Ways to spell one credential. */
function spellings(token: string): Record<string, string>[] {
  const encoded = Array.from(token).map((letter) => `%${letter.charCodeAt(0).toString(16)}`);
  return Array.from({ length: 24 }, (_, index) => ({
    authorization: `${index % 2 === 0 ? 'Bearer' : 'bearer'} ${encoded.slice(0, index).join('')}${token.slice(index)}`,
  }));
}

/** Everything that one account, or nobody at all, could do to stop the others. */
export const ATTACKS: readonly Attack[] = [
  async function hugeName({ client, bearer, token }, { webUrl, apiUrl }) {
    const body = JSON.stringify({ name: 'a'.repeat(2_000_000) });
    await client.send(`${webUrl}/api/auth/update-user`, {
      method: 'POST',
      headers: { ...bearer, origin: webUrl },
      body,
    });
    for (const headers of spellings(token)) await client.send(`${apiUrl}/api/me`, { headers });
  },
  async function manyUnknownKeys({ client, bearer }, { apiUrl }) {
    await client.send(`${apiUrl}/api/tasks`, { method: 'POST', headers: bearer, body: manyKeys });
  },
  async function manyBadStrings({ client, bearer }, { apiUrl }) {
    await client.send(`${apiUrl}/api/tasks/batch`, { method: 'POST', headers: bearer, body: badStrings });
  },
  async function hugeAnonymousBody({ client }, { webUrl }) {
    await client.upload(`${webUrl}/api/auth/sign-in/email`, 250);
  },
  async function largeRows({ client, bearer }, { apiUrl }) {
    const operations = Array.from({ length: 60 }, () => ({
      op: 'create',
      task: { title: word(), description: rare(5_000) },
    }));
    await client.send(`${apiUrl}/api/tasks/batch`, {
      method: 'POST',
      headers: bearer,
      body: JSON.stringify({ operations }),
    });
  },
  async function randomAuthPaths({ client }, { webUrl }) {
    await Promise.all(Array.from({ length: 8 }, () => client.send(`${webUrl}/api/auth/${word()}`)));
  },
  async function unknownTokens({ client }, { apiUrl }) {
    const headers = Array.from({ length: 8 }, () => ({ authorization: `Bearer ${word()}` }));
    await Promise.all(headers.map((one) => client.send(`${apiUrl}/api/tasks`, { headers: one })));
  },
  async function unknownRoutes({ client }, { apiUrl }) {
    await Promise.all([
      client.send(`${apiUrl}/api/${word()}`),
      client.send(`${apiUrl}/api/openapi.json`),
      client.send(`${apiUrl}/api/health/ready`),
      client.send(`${apiUrl}/api/tasks`, { method: 'POST', body: '{' }),
    ]);
  },
  async function manyChanges({ client, bearer }, { apiUrl }) {
    const operations = Array.from({ length: 100 }, () => ({ op: 'create', task: { title: word() } }));
    await client.send(`${apiUrl}/api/tasks/batch`, {
      method: 'POST',
      headers: bearer,
      body: JSON.stringify({ operations }),
    });
  },
  async function deepBodies({ client, bearer }, { apiUrl }) {
    await client.send(`${apiUrl}/api/tasks`, { method: 'POST', headers: bearer, body: '['.repeat(200_000) });
  },
];
