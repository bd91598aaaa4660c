import type { Task, TaskFilters } from '../../types.ts';
import type { Intention } from '../outbox.ts';
import { TaskStore } from '../task-store.ts';
import { SimulatedClock, SimulatedNetwork, SimulatedServer, type Call } from './simulated-server.ts';

export const NEWEST_FIRST: TaskFilters = { status: null, priority: null, q: '', sort: '-createdAt' };

/** A page of tasks, its network and its server. The server's tasks are made in the order of their titles. */
export class SimulatedPage {
  readonly server = new SimulatedServer();
  readonly network = new SimulatedNetwork(this.server);
  readonly clock = new SimulatedClock();
  readonly done: [Intention['kind'], string | undefined][] = [];
  readonly refused: [Intention['kind'], unknown][] = [];
  online = true;
  #keys = 0;
  readonly store = new TaskStore({
    api: this.network.api,
    newKey: () => `key-${(this.#keys += 1)}`,
    now: () => this.clock.now,
    after: this.clock.after,
    isOnline: () => this.online,
    onDone: ({ kind }, task) => this.done.push([kind, task?.title]),
    onRefused: (error, { kind }) => this.refused.push([kind, error]),
  });

  constructor(...titles: string[]) {
    for (const title of titles) this.server.create({ title }, `first ${title}`);
    this.server.events = [];
  }

  /** Opens the list with what the server has read, and begins. */
  open(filters = NEWEST_FIRST): this {
    this.store.seed(filters, this.server.list(filters, null));
    this.store.show(filters);
    this.store.start();
    return this;
  }

  /** The titles of the rows. */
  titles(filters = NEWEST_FIRST): string[] {
    return this.store.view(filters).tasks.map(({ title }) => title);
  }

  task(title: string): Task {
    const found = this.server.all(NEWEST_FIRST).find((task) => task.title === title);
    if (!found) throw new Error(`No task is called ${title}.`);
    return found;
  }

  /** The names of the requests under way. */
  get asked(): string[] {
    return this.network.calls.map(({ name }) => name);
  }

  /** Does something to the first request under way, and lets everything happen that follows from it. */
  async first(act: (call: Call) => void): Promise<void> {
    const [call] = this.network.calls;
    if (!call) throw new Error('Nothing is under way.');
    act(call);
    await settled();
  }

  /** Answers requests until none is under way. */
  async answerAll(): Promise<void> {
    for (let count = 0; this.network.calls.length > 0; count += 1) {
      if (count === 100) throw new Error('It asks without end.');
      await this.first((call) => call.answer());
    }
  }

  /** Delivers the server's events. */
  deliver(): void {
    for (const event of this.server.events.splice(0)) this.store.event(event);
  }
}

/** Everything that was set off by a promise has happened. */
export const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
