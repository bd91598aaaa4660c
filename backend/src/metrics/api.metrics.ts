import type { AuthObserver, ChannelState, CredentialKind, VerdictResult, VerdictSource } from '@session-guard/auth';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { HttpDurations } from './http.durations.ts';

/** The part of a pg pool that is measured. */
export interface PoolCounts {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

const LOOKUP_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5];

/**
 * Everything `GET /metrics` tells. What happens on every request is counted in plain maps and handed to prom-client
 * when somebody asks. No label ever holds an id, an address or a credential.
 */
export class ApiMetrics implements AuthObserver {
  readonly requests = new HttpDurations();
  readonly #registry = new Registry();
  /** By result, source and credential. Nested, because putting a key together costs as much as the verdict. */
  readonly #verdicts = new Map<VerdictResult, Map<VerdictSource, Map<string, { count: number }>>>();
  readonly #lookup: Histogram;
  readonly #revocations: Counter;
  readonly #channel: Gauge;
  readonly #heartbeat: Gauge;
  #remembered = 0;

  constructor() {
    const registers = [this.#registry];
    const verdicts = this.#verdicts;
    const remembered = (): number => this.#remembered;
    collectDefaultMetrics({ register: this.#registry });
    this.#registry.registerMetric(
      new Counter({
        name: 'session_guard_verdicts_total',
        help: 'Verdicts on credentials by result, by where they came from, and by kind of credential.',
        labelNames: ['result', 'source', 'credential'],
        registers: [],
        collect() {
          this.reset();
          for (const [result, sources] of verdicts) {
            for (const [source, credentials] of sources)
              for (const [credential, { count }] of credentials) this.inc({ result, source, credential }, count);
          }
        },
      }),
    );
    this.#registry.registerMetric(
      new Gauge({
        name: 'session_guard_remembered_credentials',
        help: 'Credentials answered from memory.',
        registers: [],
        collect() {
          this.set(remembered());
        },
      }),
    );
    this.#lookup = new Histogram({
      name: 'session_guard_lookup_seconds',
      help: 'Time of one session lookup in the database.',
      buckets: LOOKUP_BUCKETS,
      registers,
    });
    this.#revocations = new Counter({
      name: 'session_guard_revocations_total',
      help: 'Revocation notices received, by scope.',
      labelNames: ['scope'],
      registers,
    });
    this.#channel = new Gauge({
      name: 'session_guard_channel_up',
      help: 'Whether the revocation channel is open: 0 means that verdicts come from the database.',
      registers,
    });
    this.#heartbeat = new Gauge({
      name: 'session_guard_heartbeat_seconds',
      help: 'Time of the last heartbeat through the revocation channel.',
      registers,
    });
  }

  /** Measures a connection pool. */
  watchPool(pool: PoolCounts): void {
    this.#registry.registerMetric(
      new Gauge({
        name: 'session_guard_pool_connections',
        help: 'Connections to the database by state; waiting counts requests without one.',
        labelNames: ['state'],
        registers: [],
        collect() {
          this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
          this.set({ state: 'idle' }, pool.idleCount);
          this.set({ state: 'waiting' }, pool.waitingCount);
        },
      }),
    );
  }

  verdict(result: VerdictResult, source: VerdictSource, credential: CredentialKind | 'none' = 'none'): void {
    let sources = this.#verdicts.get(result);
    if (!sources) this.#verdicts.set(result, (sources = new Map<VerdictSource, Map<string, { count: number }>>()));
    let credentials = sources.get(source);
    if (!credentials) sources.set(source, (credentials = new Map<string, { count: number }>()));
    const known = credentials.get(credential);
    if (known) known.count += 1;
    else credentials.set(credential, { count: 1 });
  }

  lookup(milliseconds: number): void {
    this.#lookup.observe(milliseconds / 1_000);
  }

  revocation(scope: 'session' | 'user' | 'all'): void {
    this.#revocations.inc({ scope });
  }

  channel(state: ChannelState): void {
    this.#channel.set(state === 'listening' ? 1 : 0);
  }

  heartbeat(milliseconds: number): void {
    this.#heartbeat.set(milliseconds / 1_000);
  }

  remembered(count: number): void {
    this.#remembered = count;
  }

  /** In Prometheus' text format. */
  async expose(): Promise<string> {
    return `${await this.#registry.metrics()}\n${this.requests.expose()}`;
  }

  get contentType(): string {
    return this.#registry.contentType;
  }
}
