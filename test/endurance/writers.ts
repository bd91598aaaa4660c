import type pg from 'pg';
import { z } from 'zod';
import type { HttpClient } from './http.ts';
import type { ResponseChecker } from './response-checker.ts';
import { loop, type Running } from './loop.ts';
import type { LiveSession } from './people.ts';

const PAUSE_MS = 40;
/** Tasks a writer keeps: fewer than one page of 100, so that its list shows all of them. */
const KEPT = 40;

const taskBody = z.object({ data: z.object({ id: z.string(), title: z.string(), priority: z.string() }) });
const listBody = z.object({ data: z.array(z.object({ id: z.string() })) });

/** The expected state of one task: what was acknowledged, and whether an unanswered change may have happened. */
interface Entry {
  readonly id: string;
  readonly title: string;
  /** The last acknowledged value. */
  priority: string | undefined;
  /** A change got no answer: it may have happened, and may still happen when a frozen server goes on. */
  unsure: boolean;
  /** `perhaps`: a deletion got no answer. */
  state: 'there' | 'perhaps' | 'gone';
}

/** The comparison of the expected tasks with the database's rows. */
export interface Audit {
  readonly acknowledged: number;
  readonly lost: number;
}

/**
 * Creates, changes, lists and deletes tasks, one user per strand, and records what was acknowledged: that must be in
 * the database afterwards; what got no answer may be.
 */
export class Writers {
  readonly #books = new Map<string, Entry[]>();
  #acknowledged = 0;
  #number = 0;

  constructor(
    private readonly http: HttpClient,
    private readonly checker: () => ResponseChecker,
    private readonly sessions: readonly LiveSession[],
  ) {}

  start(): Running {
    return loop(this.sessions.length, PAUSE_MS, async (strand) => {
      const session = this.sessions[strand];
      if (session === undefined) return;
      const book = this.#bookOf(session);
      await this.#create(session, book);
      await this.#change(session, book);
      await this.#read(session, book);
      if (book.length > KEPT) await this.#remove(session, book);
    });
  }

  /** Compares the expected tasks with the rows. */
  async audit(database: pg.Pool): Promise<Audit> {
    const acknowledged = this.#acknowledged;
    this.#acknowledged = 0;
    let lost = 0;
    for (const [userId, book] of this.#books) {
      const { rows } = await database.query<{ id: string; title: string; priority: string }>(
        'select id, title, priority from task where user_id = $1 and deleted_at is null',
        [userId],
      );
      const byId = new Map(rows.map((row) => [row.id, row]));
      for (const entry of book) {
        const row = byId.get(entry.id);
        if (entry.state === 'gone' ? row !== undefined : entry.state === 'there' && !matches(entry, row)) lost += 1;
      }
      // A write that was sent once must not have happened twice.
      lost += rows.length - new Set(rows.map(({ title }) => title)).size;
      this.#books.set(
        userId,
        book
          .filter(({ id, state }) => state !== 'gone' && byId.has(id))
          .map((entry) => ({ ...entry, state: 'there', unsure: false, priority: byId.get(entry.id)?.priority })),
      );
    }
    return { acknowledged, lost };
  }

  async #create({ headers }: LiveSession, book: Entry[]): Promise<void> {
    const title = `task ${(this.#number += 1)}`;
    const exchange = await this.http.send('POST', '/api/tasks', headers, { title, description: 'x'.repeat(400) });
    if (!this.checker().check(exchange)) return;
    this.#acknowledged += 1;
    const { data } = taskBody.parse(JSON.parse(exchange.text));
    book.push({ id: data.id, title: data.title, priority: data.priority, unsure: false, state: 'there' });
  }

  async #change({ headers }: LiveSession, book: Entry[]): Promise<void> {
    const entry = book.findLast(({ state }) => state === 'there');
    if (entry === undefined) return;
    const priority = entry.priority === 'high' ? 'low' : 'high';
    const exchange = await this.http.send('PATCH', `/api/tasks/${entry.id}`, headers, { priority });
    if (!this.checker().check(exchange)) {
      entry.unsure = true;
      return;
    }
    entry.priority = priority;
    this.#acknowledged += 1;
  }

  /** An acknowledged write must be read back at once. */
  async #read({ headers }: LiveSession, book: readonly Entry[]): Promise<void> {
    const exchange = await this.http.send('GET', '/api/tasks?limit=100', headers);
    if (!this.checker().check(exchange)) return;
    const ids = new Set(listBody.parse(JSON.parse(exchange.text)).data.map(({ id }) => id));
    if (ids.size >= 100) return;
    const missing = book.filter(({ id, state }) => state === 'there' && !ids.has(id));
    if (missing.length > 0) this.checker().wrong(exchange, `misses ${missing.length} acknowledged tasks`);
  }

  async #remove({ headers }: LiveSession, book: readonly Entry[]): Promise<void> {
    const entry = book.find(({ state }) => state === 'there');
    if (entry === undefined) return;
    const exchange = await this.http.send('DELETE', `/api/tasks/${entry.id}`, headers);
    entry.state = this.checker().check(exchange) ? 'gone' : 'perhaps';
    if (entry.state === 'gone') this.#acknowledged += 1;
  }

  #bookOf({ userId }: LiveSession): Entry[] {
    const known = this.#books.get(userId) ?? [];
    this.#books.set(userId, known);
    return known;
  }
}

function matches(entry: Entry, row: { title: string; priority: string } | undefined): boolean {
  return row !== undefined && row.title === entry.title && (entry.unsure || row.priority === entry.priority);
}
