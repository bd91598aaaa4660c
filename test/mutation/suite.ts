import { bind } from 'jest-each';

type Work = () => unknown;

interface Test {
  readonly name: string;
  readonly id: string;
  readonly work: Work;
}

interface Block {
  readonly id: string;
  readonly items: (Block | Test)[];
  readonly beforeAll: Work[];
  readonly beforeEach: Work[];
  readonly afterEach: Work[];
  readonly afterAll: Work[];
}

/** What did not hold: a test, or a hook of a block. */
export interface Failure {
  readonly id: string;
  readonly message: string;
}

/** Milliseconds after which a test or a hook counts as hanging. */
const HANGING_MS = 20_000;
// Before a spec puts a clock of its own in their place.
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis;

/**
 * Tests that are loaded once and run as often as one likes, which Jest's own runner can't do. Knows what the specs here
 * use: describe, test and it with `each`, and the four hooks.
 */
export class Suite {
  /** Tests by the id of their block, that of blocks within included. */
  readonly testsOf = new Map<string, string[]>();
  readonly #root = block('');
  #current = this.#root;
  #count = 0;

  /** Loads the files by `load`, which must evaluate each of them anew. */
  constructor(
    files: readonly string[],
    load: (file: string) => void,
    private readonly running: (id: string | undefined) => void,
  ) {
    Object.assign(globalThis, this.#globals());
    for (const file of files) {
      // A block of its own: the hooks at the top of a file are for its tests alone.
      this.#current = block(file);
      this.#root.items.push(this.#current);
      load(file);
      this.#current = this.#root;
    }
    this.#index(this.#root);
  }

  /** Runs all tests, or those of these ids, until one fails. */
  async run(ids?: ReadonlySet<string>): Promise<Failure | undefined> {
    const failure = await this.#runBlock(this.#root, (id) => ids === undefined || ids.has(id), [], []);
    this.running(undefined);
    return failure;
  }

  #globals(): object {
    const describe = (name: string, work: () => void): void => {
      const outer = this.#current;
      this.#current = block(`${outer.id} › ${name} ${(this.#count += 1)}`);
      outer.items.push(this.#current);
      work();
      this.#current = outer;
    };
    const test = (name: string, work: Work): void => {
      this.#current.items.push({ name, work, id: `${this.#current.id} › ${name} ${(this.#count += 1)}` });
    };
    const hook = (when: 'beforeAll' | 'beforeEach' | 'afterEach' | 'afterAll') => (work: Work) =>
      void this.#current[when].push(work);
    const each = { describe: bind(describe as never, false), test: bind(test as never, false) };
    return {
      describe: Object.assign(describe, { each: each.describe }),
      test: Object.assign(test, { each: each.test }),
      it: Object.assign(test, { each: each.test }),
      beforeAll: hook('beforeAll'),
      beforeEach: hook('beforeEach'),
      afterEach: hook('afterEach'),
      afterAll: hook('afterAll'),
    };
  }

  #index(within: Block): string[] {
    const ids = within.items.flatMap((item) => ('items' in item ? this.#index(item) : [item.id]));
    this.testsOf.set(within.id, ids);
    return ids;
  }

  async #runBlock(
    within: Block,
    wanted: (id: string) => boolean,
    before: readonly Work[],
    after: readonly Work[],
  ): Promise<Failure | undefined> {
    if (!(this.testsOf.get(within.id) ?? []).some(wanted)) return undefined;
    let failure = await this.#attempt(within.id, within.beforeAll);
    for (const item of within.items) {
      if (failure !== undefined) break;
      const [first, last] = [
        [...before, ...within.beforeEach],
        [...within.afterEach, ...after],
      ];
      if ('items' in item) failure = await this.#runBlock(item, wanted, first, last);
      else if (wanted(item.id)) failure = await this.#runTest(item, first, last);
    }
    const left = await this.#attempt(within.id, within.afterAll);
    return failure ?? left;
  }

  async #runTest({ id, work }: Test, before: readonly Work[], after: readonly Work[]): Promise<Failure | undefined> {
    const failure = await this.#attempt(id, [...before, work]);
    const left = await this.#attempt(id, after);
    return failure ?? left;
  }

  async #attempt(id: string, works: readonly Work[]): Promise<Failure | undefined> {
    this.running(id);
    try {
      for (const work of works) await inTime(work);
      return undefined;
    } catch (error) {
      return { id, message: String((error as Error | undefined)?.message ?? error) };
    }
  }
}

function block(id: string): Block {
  return { id, items: [], beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] };
}

/** @throws Error when it fails, or takes longer than anything here should */
async function inTime(work: Work): Promise<void> {
  let timer: ReturnType<typeof startTimer> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = startTimer(() => reject(new Error(`Not done after ${HANGING_MS} ms.`)), HANGING_MS);
  });
  try {
    await Promise.race([work(), late]);
  } finally {
    stopTimer(timer);
  }
}
