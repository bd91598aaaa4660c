import type { Draft } from './drafts.ts';
import { someTask } from './model/testing/some-task.ts';
import { forgetUnsaved, readUnsaved, writeUnsaved, type Unsaved } from './unsaved.ts';

/** A browser's storage, as far as it is used. */
class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>();
  [name: string]: unknown;
  get length(): number {
    return this.#items.size;
  }
  key = (index: number): string | null => [...this.#items.keys()][index] ?? null;
  getItem = (key: string): string | null => this.#items.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.#items.set(key, value);
  removeItem = (key: string): void => void this.#items.delete(key);
  clear = (): void => this.#items.clear();
}

const NOTHING: Unsaved = { entries: [], edits: [], line: '', beforeDone: [] };

describe('what is not saved', () => {
  const storage = new MemoryStorage();
  beforeEach(() => storage.clear());

  it('is there again for its account, and for no other', () => {
    writeUnsaved(storage, 'alice', { ...NOTHING, line: 'half written' });
    expect(readUnsaved(storage, 'alice')).toEqual({ ...NOTHING, line: 'half written' });
    expect(readUnsaved(storage, 'bob')).toBeUndefined();
  });

  it('is forgotten for everybody, or for everybody else; what isn’t ours stays', () => {
    storage.setItem('theme', 'dark');
    for (const user of ['alice', 'bob']) writeUnsaved(storage, user, { ...NOTHING, line: user });
    forgetUnsaved(storage, 'alice');
    expect([readUnsaved(storage, 'alice')?.line, readUnsaved(storage, 'bob')]).toEqual(['alice', undefined]);
    forgetUnsaved(storage);
    expect([readUnsaved(storage, 'alice'), storage.getItem('theme')]).toEqual([undefined, 'dark']);
  });

  it('leaves no trace when there is nothing', () => {
    writeUnsaved(storage, 'alice', { ...NOTHING, line: 'x' });
    writeUnsaved(storage, 'alice', NOTHING);
    expect(storage).toHaveLength(0);
  });

  it.each([
    'no json',
    'null',
    '7',
    '[]',
    '{}',
    '{"edits":{},"entries":7,"line":[],"beforeDone":null}',
    '{"edits":[null,{},{"base":{"id":"x"}}]}',
  ])('of another shape, as an earlier version left it, stops nothing: %s', (text) => {
    storage.setItem('session-guard.unsaved.alice', text);
    expect(readUnsaved(storage, 'alice') ?? NOTHING).toEqual(NOTHING);
  });

  it('keeps the drafts that can be used', () => {
    const base = someTask({ title: 'a' });
    const draft: Draft = { base, values: { ...base, title: 'b' } };
    storage.setItem('session-guard.unsaved.alice', JSON.stringify({ edits: [draft, { base }], line: 'x' }));
    expect(readUnsaved(storage, 'alice')).toEqual({ ...NOTHING, edits: [draft], line: 'x' });
  });
});
