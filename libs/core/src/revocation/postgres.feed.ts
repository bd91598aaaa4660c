import type { ClientConfig } from 'pg';
import type { Log } from '../log.ts';
import type { AuthObserver } from '../observer.ts';
import { NoticeListener, PooledConnectionError } from '../postgres/notice.listener.ts';
import type { RevocationFeed } from './revocation.feed.ts';
import { parseRevocation, REVOCATION_CHANNEL, type Revocation } from './revocation.payload.ts';

const POOLED =
  'LISTEN goes through a connection pooler, which loses revocations: verdicts come from the database. ' +
  'Set listenUrl (DATABASE_LISTEN_URL) to a connection string that leads to PostgreSQL itself.';

/** Revocations as the triggers of `installRevocation()` announce them. */
export class PostgresRevocationFeed implements RevocationFeed {
  readonly #listeners = new Set<(revocation: Revocation) => void>();
  readonly #listener: NoticeListener;
  #wasOpen = false;

  /** @param config of a connection that leads to PostgreSQL itself */
  constructor(
    config: ClientConfig,
    private readonly log: Log,
    private readonly observer: AuthObserver = {},
  ) {
    this.#listener = new NoticeListener(config, 'session-guard-listen', REVOCATION_CHANNEL, {
      notice: (payload) => this.#announce(parseRevocation(payload)),
      opened: () => this.#opened(),
      lost: (reason) => this.#lost(reason),
      heartbeat: (milliseconds) => observer.heartbeat?.(milliseconds),
    });
  }

  get provenAt(): number {
    return this.#listener.provenAt;
  }

  subscribe(listener: (revocation: Revocation) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  start(): Promise<void> {
    return this.#listener.start();
  }

  async stop(): Promise<void> {
    await this.#listener.stop();
    this.#listeners.clear();
  }

  #opened(): void {
    this.#wasOpen = true;
    // What was looked up before LISTEN took effect may have been revoked unheard.
    this.#announce({ scope: 'all' });
    this.observer.channel?.('listening');
  }

  #lost(reason: Error): void {
    this.#announce({ scope: 'all' });
    if (reason instanceof PooledConnectionError) this.log.error(POOLED);
    else if (this.#wasOpen) {
      this.log.warn('The revocation channel was lost: verdicts come from the database until it is back.');
    }
    this.#wasOpen = false;
    this.observer.channel?.('lost');
  }

  #announce(revocation: Revocation): void {
    for (const listener of this.#listeners) listener(revocation);
    this.observer.revocation?.(revocation.scope);
  }
}
