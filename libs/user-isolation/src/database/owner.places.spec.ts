import { OwnerBusyError } from '../isolation.error.ts';
import { OwnerPlaces } from './owner.places.ts';

/** Whether the promise is settled by the end of the event loop's turn. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = (): void => void (settled = true);
  promise.then(settle, settle);
  await new Promise(setImmediate);
  return settled;
}

it('an owner over the bound waits until one comes free; nobody else waits', async () => {
  const places = new OwnerPlaces({ each: 2, waitMs: 0 });
  const first = await places.take('ada');
  await places.take('ada');
  const third = places.take('ada');
  expect(await isSettled(third)).toBe(false);
  expect(await isSettled(places.take('ben'))).toBe(true);
  first();
  expect(await isSettled(third)).toBe(true);
});

it('without an owner there is no bound', async () => {
  const places = new OwnerPlaces({ each: 1, waitMs: 0 });
  expect(await isSettled(Promise.all([1, 2, 3].map(() => places.take(undefined))))).toBe(true);
});

it('those who wait are served in order of arrival, one for each that comes free', async () => {
  const places = new OwnerPlaces({ each: 1, waitMs: 0 });
  const order: string[] = [];
  const giveBack = await places.take('ada');
  const second = places.take('ada').then((next) => (order.push('second'), next));
  const third = places.take('ada').then(() => order.push('third'));
  giveBack();
  const next = await second;
  expect(await isSettled(third)).toBe(false);
  next();
  await third;
  expect(order).toEqual(['second', 'third']);
});

it('a place that was handed on and given back is free again', async () => {
  const places = new OwnerPlaces({ each: 1, waitMs: 0 });
  const giveBack = await places.take('ada');
  const second = places.take('ada');
  giveBack();
  (await second)();
  const third = places.take('ada');
  expect(await isSettled(third)).toBe(true);
  expect(await isSettled(places.take('ada'))).toBe(false);
});

it('who waited too long is told what was held and for how long, and takes no place', async () => {
  const places = new OwnerPlaces({ each: 1, waitMs: 5 });
  const giveBack = await places.take('ada');
  const late = places.take('ada');
  await expect(late).rejects.toBeInstanceOf(OwnerBusyError);
  await expect(late).rejects.toThrow('No place came free within 5 ms: this user holds 1, all users together 1.');
  giveBack();
  expect(await isSettled(places.take('ada'))).toBe(true);
});

describe('where all owners together may hold so many', () => {
  it('everybody waits for one that comes free, and it goes to whoever holds the least', async () => {
    const places = new OwnerPlaces({ each: 2, all: 3, waitMs: 0 });
    const [adas] = [await places.take('ada'), await places.take('ada'), await places.take('ben')];
    const bens = places.take('ben');
    const adasThird = places.take('ada');
    const cys = places.take('cy');
    expect(await isSettled(Promise.race([bens, adasThird, cys]))).toBe(false);
    adas();
    (await cys)();
    expect(await isSettled(adasThird)).toBe(false);
    await bens;
  });

  it('of those who hold as little it goes to the one who waits longest', async () => {
    const places = new OwnerPlaces({ each: 1, all: 1, waitMs: 0 });
    const order: string[] = [];
    const giveBack = await places.take('ada');
    const others = ['ben', 'cy', 'ada'].map(async (owner) => {
      const next = await places.take(owner);
      order.push(owner);
      next();
    });
    giveBack();
    await Promise.all(others);
    expect(order).toEqual(['ben', 'cy', 'ada']);
  });

  it('one that comes free for an owner at their own bound goes to nobody, and is there for the next', async () => {
    const places = new OwnerPlaces({ each: 1, all: 2, waitMs: 0 });
    await places.take('ada');
    const bens = await places.take('ben');
    const adasSecond = places.take('ada');
    bens();
    expect(await isSettled(adasSecond)).toBe(false);
    expect(await isSettled(places.take('cy'))).toBe(true);
    expect(await isSettled(places.take('ben'))).toBe(false);
  });

  it('who waited too long is passed over', async () => {
    const places = new OwnerPlaces({ each: 1, all: 1, waitMs: 5 });
    const giveBack = await places.take('ada');
    await expect(places.take('ben')).rejects.toThrow('this user holds 0, all users together 1');
    giveBack();
    expect(await isSettled(places.take('cy'))).toBe(true);
  });
});
