import type { JwtRefusal } from './jwt/jwt.refusal.ts';

/** Lower-case names, as Node gives them. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** What a scheme calls itself. An application's own scheme may have any other name. */
export type CredentialKind = 'token' | 'signed_token' | 'cookie' | 'jwt' | (string & Record<never, never>);

/** A row of Better Auth's `user`, as far as a decision needs it. */
export interface UserRow {
  readonly id: string;
  /** Roles of the admin plugin, separated by commas. */
  readonly role?: string | null;
}

/** A row of Better Auth's `session`, as far as a decision needs it. It never carries the token. */
export interface SessionRow {
  readonly id: string;
  readonly userId: string;
  readonly createdAt: Date;
  readonly impersonatedBy?: string | null;
  readonly activeOrganizationId?: string | null;
}

/** Who makes a request, and by what right. */
export interface Principal<User = UserRow, Session = SessionRow> {
  readonly user: User;
  /** Null where the credential belongs to no session. */
  readonly session: Session | null;
  readonly credential: {
    readonly kind: CredentialKind;
    /** Of the row that it stands for, such as the session's id. Never the credential itself. */
    readonly id: string;
  };
  /** The organization that the credential works in; null for none. */
  readonly organizationId: string | null;
}

/**
 * Why a credential was refused. For logs and metrics only: a client is never told.
 *
 * `missing`: none was sent. `unsupported_scheme`: an `Authorization` header that no scheme knows. `malformed`: it can't
 * be any credential. `not_accepted`: of a kind that is switched off. `bad_signature`: of a cookie or a signed token.
 * `jwt_…`: of a JWT, before its session is looked up. The rest is said of a session that was looked up.
 */
export type RefusalReason =
  'missing' | 'unsupported_scheme' | 'malformed' | 'not_accepted' | 'bad_signature' | JwtRefusal | LookupRefusal;

/** What a lookup may say of a session. */
export type LookupRefusal = 'unknown_session' | 'expired' | 'user_missing' | 'banned' | 'impersonation_over';

/** A credential that proves nobody. */
export interface Refused<Reason extends RefusalReason = RefusalReason> {
  readonly refused: Reason;
}

/** A principal as memory keeps it: small, and safe from what handlers do with the objects they are given. */
export interface StoredPrincipal {
  /** Of heap, roughly. */
  readonly bytes: number;
  /** Objects of its own each time, frozen: no request sees what another did to a date or a custom field. */
  open(): {
    readonly user: UserRow;
    readonly session: SessionRow | null;
    /** Of the row that the credential stands for. */
    readonly credentialId: string;
  };
  /** The same principal, with the values that equal `other`'s taken from it: sessions of one user share their texts. */
  sharing(other: StoredPrincipal): StoredPrincipal;
}

/** What a credential stands for, as the database has it. */
export interface Resolved {
  readonly principal: StoredPrincipal;
  readonly userId: string;
  /** Digests of the ids whose revocation ends it. The first names what the credential stands for, the last its user. */
  readonly endedBy: readonly [string, ...string[]];
  /** Milliseconds until it stops counting, by the database's clock. */
  readonly ttlMs: number;
}
