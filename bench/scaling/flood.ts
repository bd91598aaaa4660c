import { Agent, request as httpRequest } from 'node:http';

/** What came of a flood. */
export interface Flood {
  /** Until the last answer. */
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  /** Answers other than 2xx. */
  readonly failures: number;
}

/** Sends one request for each header, as many at a time as there are connections, and no header twice. */
export async function floodOnce(
  port: number,
  path: string,
  headers: readonly string[],
  connections: number,
): Promise<Flood> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latencies: number[] = [];
  let failures = 0;
  let next = 0;
  const start = performance.now();
  const client = async (): Promise<void> => {
    for (let header = headers[next++]; header !== undefined; header = headers[next++]) {
      const colon = header.indexOf(': ');
      const sentAt = performance.now();
      const status = await get(agent, port, path, { [header.slice(0, colon)]: header.slice(colon + 2) });
      latencies.push(performance.now() - sentAt);
      if (status < 200 || status > 299) failures += 1;
    }
  };
  await Promise.all(Array.from({ length: Math.min(connections, headers.length) }, client));
  const seconds = (performance.now() - start) / 1_000;
  agent.destroy();
  latencies.sort((a, b) => a - b);
  const at = (part: number): number => latencies[Math.floor((latencies.length - 1) * part)] ?? Number.NaN;
  return { seconds, p50: at(0.5), p99: at(0.99), failures };
}

function get(agent: Agent, port: number, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    httpRequest({ host: '127.0.0.1', port, path, headers, agent }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    })
      .on('error', () => resolve(0))
      .end();
  });
}
