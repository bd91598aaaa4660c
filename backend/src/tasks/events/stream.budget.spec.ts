import { StreamBudget } from './stream.budget.ts';

/** A reader that reads, or doesn't. */
class Reader {
  writableNeedDrain = true;
  dropped = false;
  destroy(): this {
    this.dropped = true;
    return this;
  }
}

const add = (budget: StreamBudget, reader: Reader, events: number): void => {
  for (let count = 0; count < events; count += 1) budget.add(reader as never);
};

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('a reader that reads is never behind', () => {
  const [budget, reader] = [new StreamBudget(), new Reader()];
  reader.writableNeedDrain = false;
  add(budget, reader, 10_000);
  expect([reader.dropped, budget.waiting]).toEqual([false, 0]);
});

it('a reader that does not read is dropped after 128 events, and nothing of it is counted any more', () => {
  const [budget, reader] = [new StreamBudget(), new Reader()];
  add(budget, reader, 128);
  expect([reader.dropped, budget.waiting]).toEqual([false, 65_536]);
  add(budget, reader, 1);
  expect([reader.dropped, budget.waiting]).toEqual([true, 0]);
});

it('a reader that catches up begins anew', () => {
  const [budget, reader] = [new StreamBudget(), new Reader()];
  add(budget, reader, 128);
  reader.writableNeedDrain = false;
  add(budget, reader, 1);
  expect(budget.waiting).toBe(0);
  reader.writableNeedDrain = true;
  add(budget, reader, 128);
  expect(reader.dropped).toBe(false);
});

it('few events that wait for longer than a minute → dropped', () => {
  const [budget, reader] = [new StreamBudget(), new Reader()];
  add(budget, reader, 1);
  jest.advanceTimersByTime(60_000);
  add(budget, reader, 1);
  expect(reader.dropped).toBe(false);
  jest.advanceTimersByTime(1);
  add(budget, reader, 1);
  expect(reader.dropped).toBe(true);
});

it('more than 16 MiB for all together → whoever is furthest behind goes', () => {
  const budget = new StreamBudget();
  const readers = Array.from({ length: 300 }, () => new Reader());
  const [worst] = readers;
  add(budget, worst!, 120);
  for (const reader of readers.slice(1)) add(budget, reader, 110);
  expect(budget.waiting).toBeLessThanOrEqual(16 * 1_048_576);
  expect(worst!.dropped).toBe(true);
  expect(readers.filter(({ dropped }) => dropped).length).toBeLessThan(10);
});

it('a stream that ended is forgotten', () => {
  const [budget, reader] = [new StreamBudget(), new Reader()];
  add(budget, reader, 5);
  budget.forget(reader as never);
  expect(budget.waiting).toBe(0);
});
