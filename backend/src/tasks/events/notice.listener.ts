import pg from 'pg';

/** What a {@link NoticeListener} tells. Both are called synchronously, in the order things happened. */
export interface NoticeHandlers {
  /** One notice's payload. */
  notice(payload: string): void;
  /** The channel is open; whatever was sent before is lost, at the first start as after a cut. */
  opened(): void;
  /** The channel was cut; another try follows. */
  lost(error: Error): void;
}

/** Milliseconds between two signs of life, and for one answer. */
const CHECK_EVERY_MS = 10_000;
const ANSWER_MS = 2_500;
const BACKOFF_MS = [100, 250, 500, 1_000, 2_000, 5_000] as const;

/**
 * LISTENs on one channel over a connection of its own, and opens it again whenever it is cut. A frozen server or a
 * network that swallows packets is noticed by asking it regularly.
 */
export class NoticeListener {
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #stopped = false;

  constructor(
    private readonly url: string,
    private readonly channel: string,
    private readonly handlers: NoticeHandlers,
  ) {}

  /** Opens the channel; rejects when the first try fails. */
  async start(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'session-guard-events',
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
      keepAlive: true,
    });
    client.on('error', (error) => this.#lose(client, error));
    client.on('end', () => this.#lose(client, new Error('The connection ended')));
    client.on('notification', ({ payload }) => this.handlers.notice(payload ?? ''));
    this.#client = client;
    await client.connect();
    await client.query(`listen ${client.escapeIdentifier(this.channel)}`);
    this.#failures = 0;
    this.handlers.opened();
    this.#schedule(CHECK_EVERY_MS, () => this.#check(client));
  }

  /** Closes the channel for good. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#client?.end().catch(() => undefined);
  }

  async #check(client: pg.Client): Promise<void> {
    try {
      await client.query('select 1');
      this.#schedule(CHECK_EVERY_MS, () => this.#check(client));
    } catch (error) {
      this.#lose(client, error instanceof Error ? error : new Error('The connection does not answer'));
    }
  }

  #lose(client: pg.Client, error: Error): void {
    if (this.#stopped || this.#client !== client) return;
    this.#client = undefined;
    // Its socket may never close by itself: nobody waits for it.
    void client.end().catch(() => undefined);
    this.handlers.lost(error);
    this.#retry();
  }

  #retry(): void {
    const wait = BACKOFF_MS[Math.min(this.#failures, BACKOFF_MS.length - 1)] ?? 0;
    this.#failures += 1;
    this.#schedule(wait, async () => {
      try {
        await this.start();
      } catch {
        const failed = this.#client;
        this.#client = undefined;
        void failed?.end().catch(() => undefined);
        this.#retry();
      }
    });
  }

  #schedule(milliseconds: number, work: () => Promise<void>): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void work(), milliseconds);
    this.#timer.unref();
  }
}
