import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { demoTasks } from './demo-tasks.ts';

export const DEMO_EMAIL = 'demo@example.com';

interface DemoState {
  password: string;
  /** Account and tasks are there; from then on they are the user's to change. */
  complete: boolean;
}

/** Where web and API answer. */
export interface DemoTargets {
  webUrl: string;
  apiUrl: string;
  dataDir: string;
}

/**
 * Whether there is to be one: only in a database of our own, since on somebody's server an account with a printed
 * password has no place, and only where an address need not be confirmed, which nobody could do for this one.
 */
export function wantsDemoAccount(databaseUrl: string | undefined, env: NodeJS.ProcessEnv): boolean {
  return databaseUrl === undefined && env['REQUIRE_EMAIL_VERIFICATION']?.trim() !== 'true';
}

/**
 * Makes the demo account with a generated password and a dozen tasks, once: through the same endpoints as everybody.
 * Interrupted half-way, it is completed by the next start; completed, it is left as its user left it.
 * @returns its password, as it was generated
 */
export async function ensureDemoAccount(targets: DemoTargets): Promise<string> {
  const file = join(targets.dataDir, 'demo.json');
  const state = readState(file) ?? { password: randomBytes(12).toString('base64url'), complete: false };
  if (state.complete) return state.password;
  // Written before the account exists, so that its password can't get lost.
  writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
  const token = await signInOrUp(targets, state.password);
  await addTasks(targets, token);
  await signOut(targets, token);
  writeFileSync(file, JSON.stringify({ ...state, complete: true }), { mode: 0o600 });
  return state.password;
}

function readState(file: string): DemoState | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DemoState) : undefined;
}

async function signInOrUp(targets: DemoTargets, password: string): Promise<string> {
  const signUp = await post(targets, 'sign-up/email', { name: 'Demo', email: DEMO_EMAIL, password });
  const response = signUp.ok ? signUp : await post(targets, 'sign-in/email', { email: DEMO_EMAIL, password });
  if (!response.ok)
    throw new Error(
      `The demo account could not be made: ${new URL(response.url).pathname} answered ${response.status}.`,
    );
  const { token } = (await response.json()) as { token: string };
  return token;
}

function post({ webUrl }: DemoTargets, path: string, body: object, token?: string): Promise<Response> {
  return fetch(`${webUrl}/api/auth/${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: webUrl,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
}

async function addTasks({ apiUrl }: DemoTargets, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const existing = await fetch(`${apiUrl}/api/tasks?limit=100`, { headers });
  const { data } = (await existing.json()) as { data: { title: string }[] };
  const titles = new Set(data.map(({ title }) => title));
  for (const task of demoTasks(new Date()).filter(({ title }) => !titles.has(title))) {
    const response = await fetch(`${apiUrl}/api/tasks`, { method: 'POST', headers, body: JSON.stringify(task) });
    if (!response.ok) throw new Error(`A demo task could not be added: the API answered ${response.status}.`);
  }
}

async function signOut(targets: DemoTargets, token: string): Promise<void> {
  await post(targets, 'sign-out', {}, token);
}
