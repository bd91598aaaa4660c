import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { Client, type ClientConfig, type Notification } from 'pg';
import { Subject, type Observable } from 'rxjs';
import type { AuthObserver } from '../auth.observer.ts';
import { parseRevocation, REVOCATION_CHANNEL, type Revocation } from './revocation.payload.ts';

/** Memory answers only while the channel was proven alive within this time: the bound on a revocation unseen. */
export const LIFE_MS = 1_000;

/** A heartbeat is due this often; several may be lost before memory falls silent. */
const BEAT_MS = 200;

/** A connection without proof of life for this long is given up and replaced. */
const GIVE_UP_MS = 3_000;

const BACKOFF_MS = { first: 100, most: 5_000 } as const;

/**
 * Listens for revocations on a connection of its own, and knows how long ago the channel was certainly alive.
 *
 * Proof is a heartbeat that went through PostgreSQL's notification queue and back: the queue delivers in commit
 * order, so a beat that arrives proves that every revocation committed before the beat was *sent* has arrived too.
 * A connection that is open but silent (a frozen server, a network that swallows packets) proves nothing.
 */
export class RevocationChannel {
  readonly #logger = new Logger('SessionGuard');
  readonly #revocations = new Subject<Revocation>();
  readonly #beatChannel = `session_guard_beat_${randomUUID().replaceAll('-', '')}`;
  #client: Client | undefined;
  #provenAt = -Infinity;
  #connectedAt = -Infinity;
  #sequence = 0;
  /** When each beat under way was sent, by its number. */
  readonly #sent = new Map<number, number>();
  #timer: NodeJS.Timeout | undefined;
  #backoff: number = BACKOFF_MS.first;
  #stopped = false;
  #listening = false;

  /** What must be forgotten, as it arrives. Synchronous: when `next` returns, memory has forgotten. */
  readonly revocations: Observable<Revocation> = this.#revocations.asObservable();

  constructor(
    private readonly config: ClientConfig,
    private readonly observer: AuthObserver | undefined,
  ) {}

  /** Whether a verdict from memory can be at most {@link LIFE_MS} behind the database. @param now monotonic, ms */
  isAlive(now: number): boolean {
    return now - this.#provenAt < LIFE_MS;
  }

  /** Connects and keeps connected. Resolves after the first attempt, whether it worked or not. */
  async start(): Promise<void> {
    await this.#connect();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#provenAt = -Infinity;
    const client = this.#client;
    this.#client = undefined;
    client?.removeAllListeners();
    // A late error of a connection nobody waits for must not take the process down.
    client?.on('error', () => undefined);
    if (client && this.#listening) await client.end().catch(() => undefined);
    else destroy(client);
    this.#revocations.complete();
  }

  async #connect(): Promise<void> {
    const client = new Client({
      ...this.config,
      application_name: 'session-guard-listen',
      keepAlive: true,
      connectionTimeoutMillis: GIVE_UP_MS,
      query_timeout: GIVE_UP_MS,
    });
    this.#client = client;
    client.on('error', () => this.#lose(client));
    client.on('end', () => this.#lose(client));
    client.on('notification', (message) => this.#receive(message));
    try {
      await client.connect();
      if (await isPooled(client)) {
        this.#logger.error(POOLED);
        this.#lose(client);
        return;
      }
      const sentAt = performance.now();
      await client.query(`listen ${REVOCATION_CHANNEL}; listen ${this.#beatChannel}`);
      if (client !== this.#client) return;
      // What was looked up before LISTEN took effect may have been revoked unheard.
      this.#revocations.next({ scope: 'all' });
      this.observer?.revocation?.('all');
      this.#listening = true;
      this.#connectedAt = sentAt;
      this.#provenAt = sentAt;
      this.#backoff = BACKOFF_MS.first;
      this.observer?.channel?.('listening');
      this.#beat(client);
    } catch {
      this.#lose(client);
    }
  }

  #beat(client: Client): void {
    if (client !== this.#client) return;
    const now = performance.now();
    if (now - Math.max(this.#provenAt, this.#connectedAt) > GIVE_UP_MS) {
      this.#lose(client);
      return;
    }
    // One at a time: a server that is slow to answer must not be sent more and more of them.
    if (this.#sent.size === 0) {
      const number = ++this.#sequence;
      this.#sent.set(number, now);
      client.query('select pg_notify($1, $2)', [this.#beatChannel, String(number)]).catch(() => this.#lose(client));
    }
    this.#timer = setTimeout(() => this.#beat(client), BEAT_MS);
    this.#timer.unref();
  }

  #receive({ channel, payload = '' }: Notification): void {
    if (channel === this.#beatChannel) {
      const sentAt = this.#sent.get(Number(payload));
      if (sentAt === undefined) return;
      this.#sent.delete(Number(payload));
      this.#provenAt = sentAt;
      this.observer?.heartbeat?.(performance.now() - sentAt);
      return;
    }
    const revocation = parseRevocation(payload);
    this.#revocations.next(revocation);
    this.observer?.revocation?.(revocation.scope);
  }

  #lose(client: Client): void {
    if (client !== this.#client || this.#stopped) return;
    this.#client = undefined;
    clearTimeout(this.#timer);
    client.removeAllListeners();
    client.on('error', () => undefined);
    destroy(client);
    this.#sent.clear();
    this.#provenAt = -Infinity;
    this.#revocations.next({ scope: 'all' });
    this.observer?.revocation?.('all');
    if (this.#listening) {
      this.#logger.warn('The revocation channel was lost: verdicts come from the database until it is back.');
    }
    this.#listening = false;
    this.observer?.channel?.('lost');
    // Jitter: many instances must not come back in the same instant.
    const delay = this.#backoff * (0.5 + Math.random() / 2);
    this.#backoff = Math.min(this.#backoff * 2, BACKOFF_MS.most);
    this.#timer = setTimeout(() => void this.#connect(), delay);
    this.#timer.unref();
  }
}

const POOLED =
  'LISTEN goes through a connection pooler, which loses revocations: verdicts come from the database. ' +
  'Set listenUrl (DATABASE_LISTEN_URL) to a connection string that leads to PostgreSQL itself.';

/**
 * Whether something in between hands this connection's statements to server connections of its own. PgBouncer in
 * transaction mode was seen to drop every revocation and yet return most heartbeats, which would then prove nothing. It
 * can't pass on the server's process id when it connects, because it has no server connection yet.
 */
async function isPooled(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid !== (client as Client & { readonly processID?: number | null }).processID;
}

/** Drops a connection without waiting for the other side, which may be frozen. */
function destroy(client: Client | undefined): void {
  client?.connection.stream.destroy();
}
