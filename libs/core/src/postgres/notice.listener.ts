import { randomUUID } from 'node:crypto';
import { Client, type ClientConfig, type Notification } from 'pg';
import { identifier } from './identifier.ts';
import { destroyConnection, serverProcessOf } from './pg-internals.ts';

/** A heartbeat is due this often. Several may be lost and there is still a proof of life within each second. */
const BEAT_MS = 200;

/** A connection without proof of life for this long is given up and replaced. */
const GIVE_UP_MS = 3_000;

const BACKOFF_MS = { first: 100, most: 5_000 } as const;

/** What a {@link NoticeListener} tells. Called synchronously, in the order things happened. */
export interface NoticeHandlers {
  /** One notice's payload. */
  notice(payload: string): void;
  /** The channel is open. What was sent before is lost, at the first start as after a cut. */
  opened(): void;
  /** The channel was cut, or couldn't be opened; another try follows. */
  lost(reason: Error): void;
  /** A heartbeat came back, after so many milliseconds. */
  heartbeat?(milliseconds: number): void;
}

/** Thrown to {@link NoticeHandlers.lost} where a pooler stands between: it loses notices. */
export class PooledConnectionError extends Error {
  override readonly name = 'PooledConnectionError';
  constructor() {
    super('LISTEN goes through a connection pooler, which loses notices.');
  }
}

/**
 * Listens on one channel over a connection of its own, and knows how long ago the channel was certainly alive.
 *
 * Proof is a heartbeat that went through PostgreSQL's notification queue and back: the queue delivers in commit
 * order, so a beat that arrives proves that every notice committed before the beat was *sent* has arrived too.
 * A connection that is open but silent (a frozen server, a network that swallows packets) proves nothing.
 */
export class NoticeListener {
  readonly #beatChannel = `session_guard_beat_${randomUUID().replaceAll('-', '')}`;
  #client: Client | null = null;
  #lastProofAt = -Infinity;
  #connectedAt = -Infinity;
  /** The number of the last beat, and when it was sent while it is under way. */
  #beat: { number: number; sentAt: number | null } = { number: 0, sentAt: null };
  #timer: NodeJS.Timeout | undefined;
  #backoffMs: number = BACKOFF_MS.first;
  #isStopped = false;
  #isListening = false;

  /**
   * @param config of a connection that leads to PostgreSQL itself
   * @param name shown in `pg_stat_activity`
   * @param beatMs how often a heartbeat is due
   */
  constructor(
    private readonly config: ClientConfig,
    private readonly name: string,
    private readonly channel: string,
    private readonly handlers: NoticeHandlers,
    private readonly beatMs: number = BEAT_MS,
  ) {}

  /** Every notice committed before this instant has arrived. On the monotonic clock, in ms; -Infinity while cut. */
  get provenAt(): number {
    return this.#lastProofAt;
  }

  /** Connects and keeps connected. Resolves after the first attempt, whether it worked or not. */
  async start(): Promise<void> {
    const client = new Client({
      ...this.config,
      application_name: this.name,
      keepAlive: true,
      connectionTimeoutMillis: GIVE_UP_MS,
      query_timeout: GIVE_UP_MS,
    });
    this.#client = client;
    client.on('error', (error) => this.#lose(client, error));
    client.on('end', () => this.#lose(client, new Error('The connection ended')));
    client.on('notification', (message) => this.#receive(message));
    try {
      await client.connect();
      if (await isPooled(client)) throw new PooledConnectionError();
      const sentAt = performance.now();
      await client.query(`listen ${identifier(this.channel)}; listen ${identifier(this.#beatChannel)}`);
      if (client !== this.#client) return;
      this.handlers.opened();
      this.#isListening = true;
      this.#connectedAt = sentAt;
      this.#lastProofAt = sentAt;
      this.#backoffMs = BACKOFF_MS.first;
      this.#sendBeat(client);
    } catch (error) {
      this.#lose(client, error instanceof Error ? error : new Error('The connection failed'));
    }
  }

  /** Closes the channel for good. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#lastProofAt = -Infinity;
    const client = this.#client;
    this.#client = null;
    if (!client) return;
    silence(client);
    if (this.#isListening) await client.end().catch(() => undefined);
    else destroyConnection(client);
  }

  #sendBeat(client: Client): void {
    if (client !== this.#client) return;
    const now = performance.now();
    if (now - Math.max(this.#lastProofAt, this.#connectedAt) > Math.max(GIVE_UP_MS, 2 * this.beatMs)) {
      this.#lose(client, new Error('The connection does not answer'));
      return;
    }
    // One at a time: a server that is slow to answer must not be sent more and more of them.
    if (this.#beat.sentAt === null) {
      this.#beat = { number: this.#beat.number + 1, sentAt: now };
      const values = [this.#beatChannel, String(this.#beat.number)];
      client.query('select pg_notify($1, $2)', values).catch((error: Error) => this.#lose(client, error));
    }
    this.#timer = setTimeout(() => this.#sendBeat(client), this.beatMs);
    this.#timer.unref();
  }

  #receive({ channel, payload = '' }: Notification): void {
    if (channel !== this.#beatChannel) {
      this.handlers.notice(payload);
      return;
    }
    const { number, sentAt } = this.#beat;
    if (sentAt === null || payload !== String(number)) return;
    this.#beat = { number, sentAt: null };
    this.#lastProofAt = sentAt;
    this.handlers.heartbeat?.(performance.now() - sentAt);
  }

  #lose(client: Client, reason: Error): void {
    if (client !== this.#client || this.#isStopped) return;
    this.#client = null;
    clearTimeout(this.#timer);
    silence(client);
    destroyConnection(client);
    this.#beat = { number: this.#beat.number, sentAt: null };
    this.#lastProofAt = -Infinity;
    this.#isListening = false;
    this.handlers.lost(reason);
    // Jitter: many instances must not come back in the same instant.
    const delay = this.#backoffMs * (0.5 + Math.random() / 2);
    this.#backoffMs = Math.min(this.#backoffMs * 2, BACKOFF_MS.most);
    this.#timer = setTimeout(() => void this.start(), delay);
    this.#timer.unref();
  }
}

/**
 * Whether something in between hands this connection's statements to server connections of its own. PgBouncer in
 * transaction mode was seen to drop every notice and yet return most heartbeats, which would then prove nothing. It
 * can't pass on the server's process id when it connects, because it has no server connection yet.
 */
async function isPooled(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid !== serverProcessOf(client);
}

/** A late error of a connection nobody waits for must not take the process down. */
function silence(client: Client): void {
  client.removeAllListeners();
  client.on('error', () => undefined);
}
