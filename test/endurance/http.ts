import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';

/** One request and how it ended, on the monotonic clock in milliseconds. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly sentAt: number;
  readonly endedAt: number;
  /** 0 when there was no answer. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Why there was no answer: `ECONNREFUSED`, `ECONNRESET`, `TIMEOUT`. */
  readonly failure?: string;
}

/** Longer than any answer may take: a request that reaches it is reported. */
const REQUEST_TIMEOUT_MS = 15_000;

/** A client with connections kept alive, as a load balancer's. */
export class HttpClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });

  /** @param port read at each request: a restarted API may be told another */
  constructor(private readonly port: () => number) {}

  /** Never rejects: a failure is an {@link Exchange} with status 0. */
  send(method: string, path: string, headers: Readonly<Record<string, string>>, body?: unknown): Promise<Exchange> {
    const sentAt = performance.now();
    const payload = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve) => {
      const end = (outcome: Pick<Exchange, 'status' | 'headers' | 'text'> & { failure?: string }): void =>
        resolve({ method, path, sentAt, endedAt: performance.now(), ...outcome });
      const fail = (failure: string): void => end({ status: 0, headers: {}, text: '', failure });
      const request = httpRequest(
        {
          host: '127.0.0.1',
          port: this.port(),
          method,
          path,
          agent: this.#agent,
          timeout: REQUEST_TIMEOUT_MS,
          headers: {
            ...headers,
            ...(payload === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
          },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          response.on('end', () => end({ status: response.statusCode ?? 0, headers: response.headers, text }));
          response.on('error', () => fail('ECONNRESET'));
        },
      );
      request.on('timeout', () => request.destroy(Object.assign(new Error('timeout'), { code: 'TIMEOUT' })));
      request.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.name));
      request.end(payload);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
