import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';

/** A TCP proxy that can swallow packets: connections stay open and say nothing, as behind a dead network. */
export interface TcpProxy {
  /** The same URL, through the proxy. */
  readonly url: string;
  /** From now on nothing is forwarded, either way. */
  freeze(): void;
  thaw(): void;
  /** From now on what the server says arrives this many milliseconds late. */
  delayAnswers(milliseconds: number): void;
  close(): Promise<void>;
}

export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let frozen = false;
  let delay = 0;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      // Swallowed, not kept back: what is sent while frozen never arrives, as on a network that drops packets.
      from.on('data', (chunk) => {
        if (frozen) return;
        if (from === far && delay > 0) setTimeout(() => to.write(chunk), delay);
        else to.write(chunk);
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        if (!frozen) to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    freeze: () => {
      frozen = true;
    },
    thaw: () => {
      frozen = false;
      // Half-sent messages were lost: what was open is broken for good.
      for (const socket of sockets) socket.destroy();
    },
    delayAnswers: (milliseconds) => {
      delay = milliseconds;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
