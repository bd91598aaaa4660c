import type { CredentialKind, RefusalReason } from '../auth.types.ts';

/** A session credential as the client sent it: well formed, not yet proven. */
export interface Credential {
  readonly kind: CredentialKind;
  /** What was sent without its scheme, e.g. `<token>.<signature>`. Never log it. */
  readonly value: string;
}

/** Why there is nothing to verify. */
export interface NoCredential {
  readonly refused: Extract<RefusalReason, 'missing' | 'unsupported_scheme' | 'malformed'>;
}
