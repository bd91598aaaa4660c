import fc from 'fast-check';
import { PRIORITIES, SORTS, STATUSES, type Task, type TaskDraft, type TaskFilters } from '../types.ts';
import { changesBetween, FIELDS } from './merge.ts';
import { isProvisional } from './outbox.ts';
import { TaskStore } from './task-store.ts';
import { problem, SimulatedClock, SimulatedNetwork, SimulatedServer } from './testing/simulated-server.ts';

const RUNS = 10_000;
const parts = [1, 2, 3, 4, 5];

const titles = fc.constantFrom('milk', 'Émile', 'eggs', 'Zebra', 'straße', 'Milk and eggs', 'élan');
const filters = fc.record<TaskFilters>({
  status: fc.constantFrom(null, null, ...STATUSES),
  priority: fc.constantFrom(null, null, null, ...PRIORITIES),
  q: fc.constantFrom('', '', '', 'e', 'milk'),
  sort: fc.constantFrom(...SORTS),
});
const change = fc
  .record<Partial<TaskDraft>>(
    {
      title: titles,
      status: fc.constantFrom(...STATUSES),
      priority: fc.constantFrom(...PRIORITIES),
      dueOn: fc.constantFrom(null, '2030-01-01', '2030-02-01'),
    },
    { requiredKeys: [] },
  )
  .filter((given) => Object.keys(given).length > 0);
const which = fc.nat({ max: 11 });

const step = fc.oneof(
  // A person at this page.
  fc.record({ do: fc.constant('add' as const), title: titles }),
  fc.record({ do: fc.constant('toggle' as const), which }),
  fc.record({ do: fc.constant('delete' as const), which }),
  fc.record({ do: fc.constant('undo' as const) }),
  fc.record({ do: fc.constant('open editor' as const), which }),
  fc.record({ do: fc.constant('save' as const), change, keepMine: fc.boolean() }),
  fc.record({ do: fc.constant('find' as const), which }),
  fc.record({ do: fc.constant('retry' as const) }),
  fc.record({ do: fc.constant('show' as const), filters }),
  fc.record({ do: fc.constant('more' as const) }),
  fc.record({ do: fc.constant('look' as const), which }),
  // Another device.
  fc.record({ do: fc.constant('add elsewhere' as const), title: titles, change }),
  fc.record({ do: fc.constant('change elsewhere' as const), which, change }),
  fc.record({ do: fc.constant('delete elsewhere' as const), which }),
  fc.record({ do: fc.constant('restore elsewhere' as const), which }),
  // The network.
  ...Array.from({ length: 3 }, () =>
    fc.record({ do: fc.constantFrom('handle' as const, 'answer' as const, 'lose' as const), which }),
  ),
  fc.record({ do: fc.constant('refuse' as const), which, status: fc.constantFrom(429, 503, 502) }),
  ...Array.from({ length: 2 }, () => fc.record({ do: fc.constantFrom('event' as const, 'time passes' as const) })),
  fc.record({ do: fc.constantFrom('stream breaks' as const, 'back online' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** Everything that was set off by a promise has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

class World {
  readonly server = new SimulatedServer();
  readonly network = new SimulatedNetwork(this.server);
  readonly clock = new SimulatedClock();
  readonly keys: string[] = [];
  readonly store = new TaskStore({
    api: this.network.api,
    newKey: () => `key-${this.keys.push('') - 1}`,
    now: () => this.clock.now,
    after: this.clock.after,
  });
  shown: TaskFilters = { status: null, priority: null, q: '', sort: '-createdAt' };
  broken = false;
  deleted: string | undefined;
  editing: Task | undefined;

  constructor() {
    for (const title of ['milk', 'Zebra', 'élan', 'eggs']) this.server.create({ title }, `first-${title}`);
    this.server.events = [];
    this.store.seed(this.shown, this.server.list(this.shown, null));
    this.store.show(this.shown);
    this.store.start();
  }

  get rows(): readonly Task[] {
    return this.store.view(this.shown).tasks;
  }

  pick<Item>(items: readonly Item[], which: number): Item | undefined {
    return items.length > 0 ? items[which % items.length] : undefined;
  }

  take(step: Step): void {
    const { store, server, network } = this;
    switch (step.do) {
      case 'add':
        return void store.add({ title: step.title });
      case 'toggle': {
        const row = this.pick(this.rows, step.which);
        return row && !isProvisional(row.id) ? store.setDone(row.id, row.status !== 'done') : undefined;
      }
      case 'delete': {
        const row = this.pick(this.rows, step.which);
        if (!row || isProvisional(row.id)) return undefined;
        this.deleted = row.id;
        return store.delete(row.id);
      }
      case 'undo':
        return this.deleted === undefined ? undefined : store.undelete(this.deleted);
      case 'open editor':
        return void (this.editing = this.pick(
          this.rows.filter(({ id }) => !isProvisional(id)),
          step.which,
        ));
      case 'save':
        return void (this.editing && this.save(this.editing, { ...this.editing, ...step.change }, step.keepMine));
      case 'find': {
        // A draft of a task that was in a list once.
        const id = this.pick(server.ids, step.which);
        return id === undefined ? undefined : void store.find({ id, version: 1 }, Infinity);
      }
      case 'retry':
        return store.entries.forEach(({ intention }) => store.retry(intention.key));
      case 'show':
        this.shown = step.filters;
        return store.show(step.filters);
      case 'more':
        return store.more();
      case 'look':
        return store.look(new Set([step.which % 3]));
      case 'add elsewhere':
        return void server.create({ title: step.title, ...step.change }, `elsewhere-${this.keys.push('')}`);
      case 'change elsewhere':
        return this.elsewhere(step.which, (id) => server.update(id, step.change));
      case 'delete elsewhere':
        return this.elsewhere(step.which, (id) => server.remove(id));
      case 'restore elsewhere':
        return this.elsewhere(step.which, (id) => server.restore(id));
      case 'handle':
      case 'answer':
      case 'lose':
        return this.pick(network.calls, step.which)?.[step.do]();
      case 'refuse':
        return this.pick(network.calls, step.which)?.refuse(problem(step.status, 5));
      case 'event':
        return this.deliver(1);
      case 'time passes':
        return this.clock.next();
      case 'stream breaks':
        this.broken = true;
        server.events = [];
        return undefined;
      case 'back online':
        return store.wake();
    }
  }

  elsewhere(which: number, act: (id: string) => unknown): void {
    const id = this.pick(this.server.ids, which);
    try {
      if (id !== undefined) act(id);
    } catch {
      // The task is in no state for this.
    }
  }

  /** Saves as the editor does, the questions answered. */
  async save(base: Task, mine: TaskDraft, keepMine: boolean): Promise<void> {
    this.editing = undefined;
    try {
      const outcome = await this.store.save(base, mine);
      if (outcome.kind !== 'conflict') return;
      const edited = { ...outcome.saved, ...changesBetween(base, mine) };
      const resolved = keepMine
        ? edited
        : Object.fromEntries(
            FIELDS.map((field) => [field, (outcome.fields.includes(field) ? outcome.saved : edited)[field]]),
          );
      await this.save(outcome.saved, { ...outcome.saved, ...resolved }, keepMine);
    } catch {
      // The editor shows the failure and keeps the draft.
    }
  }

  /** Events arrive in order; what was told while the stream was broken arrives never, and `reset` in its place. */
  deliver(count: number): void {
    if (this.broken) {
      this.broken = false;
      this.server.events = [];
      return this.store.event({ type: 'reset' });
    }
    for (const event of this.server.events.splice(0, count)) this.store.event(event);
    return undefined;
  }

  /** The network works from here on: everything that is under way comes to its end. */
  async comeToRest(): Promise<void> {
    for (let round = 0; round < 500; round++) {
      this.store.look(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
      for (const { intention } of this.store.entries) this.store.retry(intention.key);
      if (this.store.view(this.shown).error) this.store.tryAgain();
      for (const call of this.network.calls) call.answer();
      await settled();
      this.deliver(Infinity);
      if (
        this.network.calls.length === 0 &&
        this.clock.isQuiet &&
        this.server.events.length === 0 &&
        this.store.entries.length === 0
      )
        return;
      if (this.network.calls.length === 0) this.clock.next();
    }
    throw new Error('The store did not settle within the steps allowed.');
  }
}

describe('the tasks of a page', () => {
  // Parts of one run: each ends well within a test's time on a machine that does something else as well.
  it.each(parts)(
    'end as the server has them, whatever is added, changed, cancelled, lost or late, in any order (part %d)',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
          const world = new World();
          for (const step of steps) {
            world.take(step);
            await settled();
          }
          await world.comeToRest();
          for (const shown of [world.shown, { status: null, priority: null, q: '', sort: '-createdAt' } as const]) {
            world.shown = shown;
            world.store.show(shown);
            await world.comeToRest();
            const truth = world.server.all(shown);
            const view = world.store.view(shown);
            expect(view.isLoaded).toBe(true);
            expect(view.tasks).toEqual(truth.slice(0, view.tasks.length));
            while (world.store.view(shown).hasMore) {
              world.store.more();
              await world.comeToRest();
            }
            expect(world.store.view(shown).tasks).toEqual(truth);
          }
          for (const [key, times] of world.server.made) expect([key, times]).toEqual([key, 1]);
          expect(world.store.entries).toEqual([]);
        }),
        { numRuns: RUNS / parts.length },
      );
    },
  );
});
