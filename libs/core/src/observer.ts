import type { CredentialKind, RefusalReason } from './principal.ts';

/** `memory`: remembered. `database`: looked up. `none`: refused without a look. */
export type VerdictSource = 'memory' | 'database' | 'none';

export type VerdictResult = 'accepted' | 'unavailable' | RefusalReason;

export type ChannelState = 'listening' | 'lost';

/**
 * Sees what the verifier does, for metrics and audit. Nothing it is given can authenticate anybody. Every method
 * is called on the request's path: count and return, never throw, never wait.
 */
export interface AuthObserver {
  /** One verdict. `credential` is undefined when the request carried none. */
  verdict?(result: VerdictResult, source: VerdictSource, credential: CredentialKind | undefined): void;
  /** One lookup in the database, with the milliseconds it took. */
  lookup?(milliseconds: number): void;
  /** One eviction notice from the database; `all` when the whole memory was dropped. */
  revocation?(scope: 'session' | 'user' | 'all'): void;
  /** The revocation channel went up or down. */
  channel?(state: ChannelState): void;
  /** Milliseconds from sending a heartbeat to its arrival through the channel. */
  heartbeat?(milliseconds: number): void;
  /** Credentials in memory, after a change. */
  remembered?(count: number): void;
}
