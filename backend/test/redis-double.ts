import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';

/** The few commands of Redis the rate limiter uses, over Redis' own protocol: no Redis comes with npm. */
export interface RedisDouble {
  readonly url: string;
  /** Resolves once so many clients are connected and ready. */
  connected(clients: number): Promise<void>;
  stop(): Promise<void>;
}

/** Counts and expires like the limiter's script. */
export async function startRedisDouble(): Promise<RedisDouble> {
  const counts = new Map<string, { hits: number; endsAt: number }>();
  const sockets = new Set<Socket>();
  let ready = 0;
  const waiting = new Set<() => void>();
  const answer = (command: readonly string[]): string => {
    if (command[0]?.toLowerCase() === 'info') {
      ready += 1;
      for (const wake of waiting) wake();
      return bulk('redis_version:7.4.0\r\nloading:0\r\n');
    }
    if (command[0]?.toLowerCase() !== 'eval') return '+OK\r\n';
    const [key = '', ttl = '0'] = command.slice(3);
    const known = counts.get(key);
    const window = known && known.endsAt > Date.now() ? known : { hits: 0, endsAt: Date.now() + Number(ttl) };
    window.hits += 1;
    counts.set(key, window);
    return `*2\r\n:${window.hits}\r\n:${window.endsAt - Date.now()}\r\n`;
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    let text = '';
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      text += chunk.toString();
      for (let parsed = parse(text); parsed; parsed = parse(text)) {
        text = parsed.rest;
        socket.write(answer(parsed.command));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `redis://127.0.0.1:${port}`,
    connected: async (clients) => {
      while (ready < clients) {
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            waiting.delete(wake);
            resolve();
          };
          waiting.add(wake);
        });
      }
    },
    stop: async () => {
      if (!server.listening) return;
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function bulk(text: string): string {
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}

/** One command, an array of bulk strings; undefined while it has not arrived whole. */
function parse(text: string): { command: string[]; rest: string } | undefined {
  const head = /^\*(\d+)\r\n/.exec(text);
  if (!head) return undefined;
  let rest = text.slice(head[0].length);
  const command: string[] = [];
  for (let index = 0; index < Number(head[1]); index += 1) {
    const size = /^\$(\d+)\r\n/.exec(rest);
    if (!size) return undefined;
    const end = size[0].length + Number(size[1]);
    if (rest.length < end + 2) return undefined;
    command.push(rest.slice(size[0].length, end));
    rest = rest.slice(end + 2);
  }
  return { command, rest };
}
