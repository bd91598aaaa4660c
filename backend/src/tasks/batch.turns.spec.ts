import { Isolation, OwnerBusyError } from '@session-guard/isolation';
import { BatchTurns } from './batch.turns.ts';

let user = 'ada';
const isolation = Object.create(Isolation.prototype, { userId: { get: () => user } }) as Isolation;

interface Batch {
  readonly state: { begun: boolean };
  readonly end: (error?: Error) => void;
  readonly result: Promise<void>;
}

/** Begins a batch of a user that lasts until it is ended. */
function batch(turns: BatchTurns, name: string): Batch {
  user = name;
  const state = { begun: false };
  let end: (error?: Error) => void = () => undefined;
  const work = new Promise<void>((resolve, reject) => {
    end = (error) => (error === undefined ? resolve() : reject(error));
  });
  const result = turns.inTurn(() => {
    state.begun = true;
    return work;
  });
  return { state, end, result };
}

const turn = (): Promise<void> => new Promise(setImmediate);

it('two batches are worked on at once, one a user; the next begins when one ends, even by an error', async () => {
  const turns = new BatchTurns(isolation);
  const batches = ['ada', 'ada', 'ben', 'cy'].map((name) => batch(turns, name));
  const begun = (): boolean[] => batches.map(({ state }) => state.begun);
  await turn();
  expect(begun()).toEqual([true, false, true, false]);
  batches[2]!.end(new Error('refused'));
  await expect(batches[2]!.result).rejects.toThrow('refused');
  await turn();
  expect(begun()).toEqual([true, false, true, true]);
  batches[0]!.end();
  await batches[0]!.result;
  await turn();
  expect(begun()).toEqual([true, true, true, true]);
  for (const { end } of batches) end();
});

it('who waits for five seconds is told so', async () => {
  jest.useFakeTimers();
  const turns = new BatchTurns(isolation);
  for (const name of ['ada', 'ben']) batch(turns, name);
  const late = batch(turns, 'cy').result.catch((error: unknown) => error);
  await jest.advanceTimersByTimeAsync(5_000);
  expect(await late).toBeInstanceOf(OwnerBusyError);
  jest.useRealTimers();
});
