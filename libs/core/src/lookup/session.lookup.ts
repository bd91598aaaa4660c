import type { LookupRefusal, Refused, Resolved } from '../principal.ts';

/** What the database says of one session. */
export type SessionRecord = (Resolved & { readonly sessionId: string }) | Refused<LookupRefusal>;

/** Where sessions are looked up. */
export interface SessionLookup {
  /** By its raw token. @throws the driver's error when the database can't answer */
  findByToken(token: string): Promise<SessionRecord>;
  /** By its id, the `sid` of a JWT. @throws the driver's error when the database can't answer */
  findById(id: string): Promise<SessionRecord>;
}
