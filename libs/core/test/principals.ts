import { StoredSession } from '../src/lookup/stored.session.ts';
import { TableReader } from '../src/lookup/table.reader.ts';
import { revocationKey } from '../src/revocation/revocation.payload.ts';
import type { SessionRecord } from '../src/lookup/session.lookup.ts';
import type { ColumnMap, TableMap } from '../src/schema/auth.schema.ts';

const column = (property: string): ColumnMap => ({
  property,
  sql: `"${property}"`,
  kind: 'other',
  isSelected: true,
});
const table = (path: string, ...properties: string[]): TableMap => ({
  path,
  columns: properties.map(column),
  absent: [],
  prototype: Object.prototype,
});

const LAYOUT = {
  session: new TableReader(table('"session"', 'id'), 's'),
  user: new TableReader(table('"user"', 'id', 'name'), 'u'),
  sessionId: 0,
  userId: 1,
};

/** What a lookup finds: the values are the session's id, the user's id and name. */
export function found(
  sessionId: string,
  userId: string,
  name: unknown = '',
  ttlMs = Infinity,
): Exclude<SessionRecord, { readonly refused: unknown }> {
  return {
    principal: new StoredSession([sessionId, userId, name], LAYOUT),
    sessionId,
    userId,
    endedBy: [revocationKey(sessionId), revocationKey(userId)],
    ttlMs,
  };
}
