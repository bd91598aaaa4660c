import { connect, type Socket } from 'node:net';
import { request as httpRequest, Agent } from 'node:http';

/** One answer; `status` 0 when the connection ended without one. */
export interface Answer {
  readonly status: number;
  readonly ms: number;
}

/** Milliseconds after which an answer counts as missing. */
const REQUEST_TIMEOUT_MS = 10_000;

/** A person or a program with an address of its own, as a trusted proxy reports it. */
export class Client {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 });

  constructor(readonly address: string) {}

  /** Never rejects. The answer's body is read and dropped. */
  send(
    url: string,
    { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<Answer> {
    const sentAt = performance.now();
    return new Promise((resolve) => {
      const end = (status: number): void => resolve({ status, ms: performance.now() - sentAt });
      const request = httpRequest(
        url,
        {
          method,
          agent: this.#agent,
          timeout: REQUEST_TIMEOUT_MS,
          headers: {
            'x-forwarded-for': this.address,
            ...(body === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
            ...headers,
          },
        },
        (response) => {
          response.on('end', () => end(response.statusCode ?? 0)).on('error', () => end(0));
          response.resume();
        },
      );
      request.on('timeout', () => request.destroy());
      request.on('error', () => end(0));
      request.end(body);
    });
  }

  /** Sends a body of `megabytes` without saying how long it is, until it is all sent or the server hangs up. */
  upload(url: string, megabytes: number): Promise<number> {
    return new Promise((resolve) => {
      let sent = 0;
      const chunk = Buffer.alloc(65_536, 'a');
      const request = httpRequest(url, {
        method: 'POST',
        headers: { 'x-forwarded-for': this.address, 'content-type': 'application/json' },
      });
      const end = (): void => {
        request.destroy();
        resolve(sent);
      };
      const more = (): void => {
        while (sent < megabytes * 1_048_576) {
          sent += chunk.length;
          if (!request.write(chunk)) {
            request.once('drain', more);
            return;
          }
        }
        end();
      };
      request.on('response', end).on('error', end);
      more();
    });
  }

  /** Opens an event stream and never reads a byte of it. */
  openUnread(url: string, headers: Readonly<Record<string, string>>): Socket {
    const { hostname, port, pathname } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined).pause();
    const lines = Object.entries({
      host: `${hostname}:${port}`,
      accept: 'text/event-stream',
      'x-forwarded-for': this.address,
      ...headers,
    });
    socket.write(
      `GET ${pathname} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n`,
    );
    return socket;
  }

  close(): void {
    this.#agent.destroy();
  }
}
