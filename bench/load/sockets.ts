import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { LoadOptions, LoadResult, LoadTool } from './load.ts';

const HEAD_END = '\r\n\r\n';
const LENGTH = /^content-length: (\d+)/im;

/** Load by plain sockets and nothing to install: one request after the other on each connection. */
export const bySockets: LoadTool = { name: 'plain sockets', run };

async function run({ port, path, headers, connections, seconds }: LoadOptions): Promise<LoadResult> {
  const requests = headers.map((header) => Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${header}\r\n\r\n`));
  const latencies: number[] = [];
  let failures = 0;
  let turn = 0;
  const start = performance.now();
  const end = start + seconds * 1_000;
  const client = async (): Promise<void> => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    const answers = new Answers(socket);
    while (performance.now() < end) {
      const sentAt = performance.now();
      socket.write(requests[turn++ % requests.length] ?? '');
      const status = await answers.next();
      latencies.push(performance.now() - sentAt);
      if (status < 200 || status > 299) failures += 1;
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: connections }, client));
  latencies.sort((a, b) => a - b);
  const at = (part: number): number => latencies[Math.floor((latencies.length - 1) * part)] ?? Number.NaN;
  return {
    requests: latencies.length,
    seconds: (performance.now() - start) / 1_000,
    failures,
    p50: at(0.5),
    p99: at(0.99),
  };
}

/** Reads answers with a Content-Length off a socket, which is all this API sends to a GET. */
class Answers {
  #text = '';
  #waiting: ((status: number) => void) | undefined;

  constructor(socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      this.#text += chunk;
      this.#take();
    });
    // A connection that breaks counts as a failed request, and ends the client by the clock.
    for (const event of ['close', 'error']) socket.on(event, () => this.#finish(0));
  }

  next(): Promise<number> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#take();
    });
  }

  #take(): void {
    const head = this.#text.indexOf(HEAD_END);
    if (head === -1) return;
    const length = Number(LENGTH.exec(this.#text.slice(0, head))?.[1] ?? 0);
    const total = head + HEAD_END.length + length;
    if (this.#text.length < total) return;
    const status = Number(this.#text.slice(9, 12));
    this.#text = this.#text.slice(total);
    this.#finish(status);
  }

  #finish(status: number): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(status);
  }
}
