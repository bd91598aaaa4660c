import { findCredential, type SentCredential } from './credentials/find-credential.ts';
import type { CredentialScheme } from './credentials/credential.scheme.ts';
import type { SessionLookup } from './lookup/session.lookup.ts';
import { digest } from './memory/digest.ts';
import type { Memory } from './memory/memory.ts';
import type { AuthObserver } from './observer.ts';
import type {
  CredentialKind,
  Principal,
  RefusalReason,
  Refused,
  RequestHeaders,
  SessionRow,
  StoredPrincipal,
  UserRow,
} from './principal.ts';

/** A credential that proves somebody. */
export interface AcceptedVerdict<User = UserRow, Session = SessionRow> {
  readonly identity: Principal<User, Session>;
  readonly credential: CredentialKind;
  /** Whether a browser sends it unasked: an unsafe request then needs a trusted `Origin`. */
  readonly attachedByBrowser: boolean;
}

/** A credential that proves nobody, or none. */
export interface RefusedVerdict {
  readonly refused: RefusalReason;
  readonly credential: CredentialKind | undefined;
}

/** What is known of a request's credential. */
export type Verdict<User = UserRow, Session = SessionRow> = AcceptedVerdict<User, Session> | RefusedVerdict;

/**
 * Judges credentials: from memory while revocations are proven to arrive, otherwise by one statement. It never extends
 * and never deletes a session: that is Better Auth's business.
 *
 * `User` and `Session` are what the schema's objects are to the application.
 */
export class SessionVerifier<User = UserRow, Session = SessionRow> {
  /** @param schemes in the order they are asked */
  constructor(
    private readonly schemes: readonly CredentialScheme[],
    private readonly sessions: SessionLookup,
    private readonly memory: Memory,
    private readonly observer: AuthObserver = {},
  ) {}

  /**
   * @param headers lower-case names, as Node gives them
   * @returns the verdict at once when it is remembered or needs no look, otherwise a promise of it
   * @throws the driver's error (through the promise) when the database can't answer
   *
   * @example
   * const verdict = await verifier.verify(request.headers);
   * if ('identity' in verdict) console.log(verdict.identity.user.id);
   */
  verify(headers: RequestHeaders): Verdict<User, Session> | Promise<Verdict<User, Session>> {
    const sent = findCredential(this.schemes, headers);
    if ('refused' in sent) return this.#refuse(sent, undefined);
    const answer = this.memory.recall(keyOf(sent), () => sent.scheme.verify(sent.text, this.sessions));
    return answer instanceof Promise ? this.#judgeLater(sent.scheme, answer) : this.#recalled(sent.scheme, answer);
  }

  /**
   * What is known without a lookup: a remembered credential, or one that is missing.
   *
   * @returns undefined where {@link verify} would ask
   */
  recall(headers: RequestHeaders): Verdict<User, Session> | undefined {
    const sent = findCredential(this.schemes, headers);
    if ('refused' in sent) return this.#refuse(sent, undefined);
    const principal = this.memory.peek(keyOf(sent));
    return principal ? this.#recalled(sent.scheme, principal) : undefined;
  }

  #recalled(scheme: CredentialScheme, principal: StoredPrincipal): Verdict<User, Session> {
    this.observer.verdict?.('accepted', 'memory', scheme.kind);
    return accepted(scheme, principal);
  }

  async #judgeLater(
    scheme: CredentialScheme,
    pending: Promise<StoredPrincipal | Refused>,
  ): Promise<Verdict<User, Session>> {
    let answer: StoredPrincipal | Refused;
    try {
      answer = await pending;
    } catch (error) {
      this.observer.verdict?.('unavailable', 'database', scheme.kind);
      throw error;
    }
    if ('refused' in answer) return this.#refuse(answer, scheme.kind);
    this.observer.verdict?.('accepted', 'database', scheme.kind);
    return accepted(scheme, answer);
  }

  #refuse({ refused }: Refused, credential: CredentialKind | undefined): RefusedVerdict {
    this.observer.verdict?.(refused, credential === undefined ? 'none' : 'database', credential);
    return { refused, credential };
  }
}

/** By the whole credential as it was sent, so that what is remembered needs no parsing again. */
function keyOf({ scheme, text }: SentCredential): string {
  return digest(`${scheme.kind} ${text}`);
}

/** Each request's own: what one handler does to a date or a custom field of it, no other request sees. */
function accepted<User, Session>(
  { kind, attachedByBrowser }: CredentialScheme,
  principal: StoredPrincipal,
): AcceptedVerdict<User, Session> {
  const { user, session, credentialId } = principal.open();
  const identity: Principal = {
    user,
    session,
    credential: { kind, id: credentialId },
    organizationId: session?.activeOrganizationId ?? null,
  };
  // The objects are of the classes that the schema map names.
  return { identity: identity as Principal<User, Session>, credential: kind, attachedByBrowser };
}
