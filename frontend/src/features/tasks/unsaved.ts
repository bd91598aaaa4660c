import type { Draft } from './drafts.ts';
import type { Entry } from './model/outbox.ts';
import type { TaskStatus } from './types.ts';

/** What a page has not saved yet, as it outlives a reload, a deployment and the session's end. */
export interface Unsaved {
  entries: Entry[];
  edits: Draft[];
  line: string;
  /** What tasks were before they were done. */
  beforeDone: [string, TaskStatus][];
}

const PREFIX = 'session-guard.unsaved.';

/** Forgets what was not saved, everybody's or everybody's but one user's: what somebody typed is nobody else's. */
export function forgetUnsaved(storage: Storage, exceptUserId?: string): void {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
  for (const key of keys) if (key.startsWith(PREFIX) && key !== PREFIX + exceptUserId) storage.removeItem(key);
}

/** Reads what this user's page before has left in this tab; undefined when there is nothing, or it can't be read. */
export function readUnsaved(storage: Storage, userId: string): Unsaved | undefined {
  try {
    const found = JSON.parse(storage.getItem(PREFIX + userId) ?? 'null') as Partial<Unsaved> | null;
    if (!found) return undefined;
    const { entries, edits, line, beforeDone } = found;
    return {
      entries: listOf(entries),
      edits: listOf(edits).filter(isDraft),
      line: typeof line === 'string' ? line : '',
      beforeDone: listOf(beforeDone),
    };
  } catch {
    return undefined;
  }
}

/** What an earlier version of the page left may have another shape: what can't be used must not stop this one. */
const listOf = <Item>(found: Item[] | undefined): Item[] => (Array.isArray(found) ? found : []);

const isDraft = (found: Partial<Draft> | null): boolean =>
  typeof found?.base?.id === 'string' && typeof found.values?.title === 'string';

/** Keeps it in this tab. A browser without room, or with storage turned off, keeps nothing. */
export function writeUnsaved(storage: Storage, userId: string, unsaved: Unsaved): void {
  const { entries, edits, line, beforeDone } = unsaved;
  try {
    if (entries.length + edits.length + line.length + beforeDone.length === 0) storage.removeItem(PREFIX + userId);
    else storage.setItem(PREFIX + userId, JSON.stringify(unsaved));
  } catch {
    // Nothing to be done, and nothing a person could do.
  }
}
