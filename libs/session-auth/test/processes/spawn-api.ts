import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Seen {
  readonly memory: number;
  readonly database: number;
  readonly channel: string;
  /** Times the channel was lost. */
  readonly losses: number;
}

/** An API in a process of its own. */
export interface ApiProcess {
  /** Status of GET /me with a raw Bearer token. */
  me(token: string): Promise<number>;
  seen(): Promise<Seen>;
  stop(): Promise<void>;
}

/** Starts `guarded-api.ts` and waits until it listens. */
export async function spawnApi(environment: { DATABASE_URL: string; LISTEN_URL?: string }): Promise<ApiProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'guarded-api.ts')], {
    env: { ...process.env, ...environment, NODE_ENV: 'production' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const exited = once(child, 'exit');
  const port = await Promise.race([
    new Promise<number>((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith('port ')) resolve(Number(line.slice(5)));
      });
    }),
    exited.then(() => {
      throw new Error(`guarded-api.ts ended before it listened:\n${errors.join('')}`);
    }),
  ]);
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const get = (path: string, headers: Record<string, string>) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const request = httpRequest({ host: '127.0.0.1', port, path, headers, agent }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      request.on('error', reject).end();
    });
  return {
    me: async (token) => (await get('/me', { authorization: `Bearer ${token}` })).status,
    seen: async () => JSON.parse((await get('/seen', {})).text) as Seen,
    stop: async () => {
      agent.destroy();
      child.stdin.end();
      await exited;
    },
  };
}
