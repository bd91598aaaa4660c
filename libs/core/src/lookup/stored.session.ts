import type { SessionRow, StoredPrincipal, UserRow } from '../principal.ts';
import { bytesOf, shareEqual, type Packed } from './packed.ts';
import type { TableReader } from './table.reader.ts';

/** How the values of a session and its user lie in one list: the session's first. */
export interface SessionLayout {
  readonly session: TableReader;
  readonly user: TableReader;
  readonly sessionId: number;
  readonly userId: number;
}

/** A session and its user as memory keeps them. */
export class StoredSession implements StoredPrincipal {
  constructor(
    private readonly values: Packed,
    private readonly layout: SessionLayout,
  ) {}

  get bytes(): number {
    return bytesOf(this.values);
  }

  open(): { readonly user: UserRow; readonly session: SessionRow; readonly credentialId: string } {
    const { session, user } = this.layout;
    const row = session.unpack(this.values, 0) as SessionRow;
    return { session: row, user: user.unpack(this.values, session.count) as UserRow, credentialId: row.id };
  }

  sharing(other: StoredPrincipal): StoredSession {
    if (!(other instanceof StoredSession)) return this;
    return new StoredSession(shareEqual(this.values, other.values), this.layout);
  }
}
