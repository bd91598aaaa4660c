import type { CredentialKind, RefusalReason } from '../auth.types.ts';

/** A session credential as the client sent it: well formed, not yet proven. */
export interface Credential {
  readonly kind: CredentialKind;
  /** The whole value as sent, e.g. `<token>.<signature>`; what the memory is keyed by. Never log it. */
  readonly value: string;
}

/** Why there is nothing to verify. */
export interface NoCredential {
  readonly refused: Extract<RefusalReason, 'missing' | 'malformed'>;
}
