import { setTimeout as delay } from 'node:timers/promises';
import type { TcpProxy } from '../../libs/session-auth/test/processes/tcp-proxy.ts';
import type { Fault } from './faults.ts';

const SWALLOWED_MS = 6_000;

/** Faults of the network between the API and its database. */
export function networkFaults(queries: TcpProxy, notifications: TcpProxy): readonly Fault[] {
  return [
    { name: 'packets of the queries swallowed for 6 s', run: () => swallow([queries]) },
    { name: 'packets of the notifications swallowed for 6 s', run: () => swallow([notifications]) },
    { name: 'all packets swallowed for 6 s', run: () => swallow([queries, notifications]) },
  ];
}

async function swallow(proxies: readonly TcpProxy[]): Promise<number> {
  for (const proxy of proxies) proxy.freeze();
  await delay(SWALLOWED_MS);
  for (const proxy of proxies) proxy.thaw();
  return performance.now();
}
