import { OwnerBusyError } from '../isolation.error.ts';
import { OwnerConnections } from './owner.connections.ts';

/** Whether the promise is settled by the end of the event loop's turn. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = (): void => void (settled = true);
  promise.then(settle, settle);
  await new Promise(setImmediate);
  return settled;
}

test('an owner over the bound waits until one comes free; nobody else waits', async () => {
  const connections = new OwnerConnections(2, 0);
  const first = await connections.take('ada');
  await connections.take('ada');
  const third = connections.take('ada');
  expect(await isSettled(third)).toBe(false);
  expect(await isSettled(connections.take('ben'))).toBe(true);
  first();
  expect(await isSettled(third)).toBe(true);
});

test('without an owner there is no bound', async () => {
  const connections = new OwnerConnections(1, 0);
  expect(await isSettled(Promise.all([1, 2, 3].map(() => connections.take(undefined))))).toBe(true);
});

test('those who wait are served in order of arrival, one for each that comes free', async () => {
  const connections = new OwnerConnections(1, 0);
  const order: string[] = [];
  const giveBack = await connections.take('ada');
  const second = connections.take('ada').then((next) => (order.push('second'), next));
  const third = connections.take('ada').then(() => order.push('third'));
  giveBack();
  const next = await second;
  expect(await isSettled(third)).toBe(false);
  next();
  await third;
  expect(order).toEqual(['second', 'third']);
});

test('a place that was handed on and given back is free again', async () => {
  const connections = new OwnerConnections(1, 0);
  const giveBack = await connections.take('ada');
  const second = connections.take('ada');
  giveBack();
  (await second)();
  const third = connections.take('ada');
  expect(await isSettled(third)).toBe(true);
  expect(await isSettled(connections.take('ada'))).toBe(false);
});

test('who waited too long is told what was held and for how long, and takes no place', async () => {
  const connections = new OwnerConnections(1, 5);
  const giveBack = await connections.take('ada');
  const late = connections.take('ada');
  await expect(late).rejects.toBeInstanceOf(OwnerBusyError);
  await expect(late).rejects.toThrow('This user holds 1 connections already, and none came free within 5 ms.');
  giveBack();
  expect(await isSettled(connections.take('ada'))).toBe(true);
});
