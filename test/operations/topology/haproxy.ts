import { mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../scripts/ports.ts';
import { removeAfterUs } from '../../../scripts/reaper.ts';
import type { Program } from '../programs/programs.ts';
import { startDaemon, type Daemon } from '../programs/daemon.ts';

/** The balancer: one address for browsers, and one for whichever PostgreSQL is the primary. */
export interface Balancer {
  daemon: Daemon;
  /** What a browser sees. */
  url: string;
  /** Always leads to the primary. */
  primaryPort: number;
  /** Leads the primary's address to another server, and cuts what still leads to the old one. */
  movePrimary(port: number): Promise<void>;
  /** Of each API process, `UP` or `DOWN`. */
  apiStates(): Promise<string[]>;
}

/** Health checks: a dead API is out of rotation after two of them. */
export const CHECK_MS = 250;

/** Chooses ports first: the applications must know the balancer's address before they start, and it theirs. */
export interface BalancerPlan {
  port: number;
  primaryPort: number;
}

export async function planBalancer(): Promise<BalancerPlan> {
  return { port: await freePort(), primaryPort: await freePort() };
}

export async function startBalancer(
  { command, prefix }: Program,
  { port, primaryPort }: BalancerPlan,
  servers: { apis: readonly number[]; auth: number; primary: number },
): Promise<Balancer> {
  const directory = mkdtempSync(join(tmpdir(), 'session-guard-balancer-'));
  removeAfterUs(directory);
  const socket = join(directory, 'admin.sock');
  const configuration = join(directory, 'haproxy.cfg');
  writeFileSync(
    configuration,
    `global
  stats socket ${socket} mode 600 level admin
  maxconn 2000
defaults
  mode http
  timeout connect 1s
  timeout client 30s
  timeout server 10s
  timeout queue 2s
  # What a dead server took without an answer is asked of another one, when asking twice does no harm.
  retries 3
  retry-on conn-failure empty-response
  option redispatch 1
  option forwardfor
frontend web
  bind 127.0.0.1:${port}
  http-request disable-l7-retry unless METH_GET
  use_backend auth if { path_beg /api/auth/ }
  default_backend api
backend auth
  server auth 127.0.0.1:${servers.auth}
backend api
  balance roundrobin
  option httpchk GET /api/health/ready
  default-server check inter ${CHECK_MS}ms fall 2 rise 1
${servers.apis.map((api, index) => `  server api${index + 1} 127.0.0.1:${api}`).join('\n')}
listen primary
  mode tcp
  timeout client 1h
  timeout server 1h
  bind 127.0.0.1:${primaryPort}
  server primary 127.0.0.1:${servers.primary}
`,
  );
  const daemon = await startDaemon('HAProxy', [command, ...prefix, '-db', '-f', configuration], port);
  const tell = async (line: string): Promise<string> => {
    const connection = connect(socket);
    connection.write(`${line}\n`);
    return text(connection);
  };
  return {
    daemon,
    url: `http://127.0.0.1:${port}`,
    primaryPort,
    movePrimary: async (to) => {
      await tell(`set server primary/primary addr 127.0.0.1 port ${to}`);
      await tell('shutdown sessions server primary/primary');
    },
    apiStates: async () =>
      (await tell('show stat'))
        .split('\n')
        .map((line) => line.split(','))
        .filter(([proxy, server]) => proxy === 'api' && server?.startsWith('api'))
        .map((fields) => fields[17] ?? ''),
  };
}
