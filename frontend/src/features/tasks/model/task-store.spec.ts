import { NoAnswer } from '../../../lib/api/no-answer.ts';
import type { TaskFilters } from '../types.ts';
import type { Entry } from './outbox.ts';
import { TaskStore } from './task-store.ts';
import { NEWEST_FIRST, settled, SimulatedPage } from './testing/simulated-page.ts';
import { problem } from './testing/simulated-server.ts';

const BY_TITLE: TaskFilters = { ...NEWEST_FIRST, sort: 'title' };
const OPEN: TaskFilters = { ...NEWEST_FIRST, status: 'todo' };

describe('a page that opens', () => {
  it('shows what the server has read, and asks for nothing', () => {
    const page = new SimulatedPage('a', 'b').open();
    expect(page.store.view(NEWEST_FIRST)).toMatchObject({
      isLoaded: true,
      hasMore: false,
      isLoadingMore: false,
      error: undefined,
    });
    expect([page.titles(), page.asked]).toEqual([['b', 'a'], []]);
  });

  it('asks for its list when the server has read nothing', async () => {
    const page = new SimulatedPage('a');
    page.store.show(NEWEST_FIRST);
    expect(page.asked).toEqual([]);
    page.store.start();
    expect(page.asked).toEqual(['list']);
    expect(page.store.view(NEWEST_FIRST)).toMatchObject({ isLoaded: false, isLoadingMore: true });
    await page.answerAll();
    expect(page.store.view(NEWEST_FIRST)).toMatchObject({ isLoaded: true, isLoadingMore: false });
    expect(page.titles()).toEqual(['a']);
  });

  it('takes one first page for a list, and none over what is loaded', () => {
    const page = new SimulatedPage('a').open();
    page.server.create({ title: 'b' }, 'b');
    page.store.seed(NEWEST_FIRST, page.server.list(NEWEST_FIRST, null));
    expect(page.titles()).toEqual(['a']);
  });

  it('reads a first page anew that comes after news: it may be older than they are', async () => {
    const page = new SimulatedPage('a').open();
    const early = page.server.list(OPEN, null);
    page.store.refresh();
    await page.answerAll();
    page.store.seed(OPEN, early);
    page.store.show(OPEN);
    expect(page.asked).toEqual(['list']);
  });

  it('gives the same view until something changes, and says when it does', () => {
    const page = new SimulatedPage('a').open();
    let told = 0;
    const end = page.store.subscribe(() => (told += 1));
    const view = page.store.view(NEWEST_FIRST);
    expect(page.store.view({ ...NEWEST_FIRST })).toBe(view);
    expect(page.store.view(OPEN)).not.toBe(view);
    page.store.add({ title: 'b' });
    expect(told).toBe(1);
    expect(page.store.view(NEWEST_FIRST)).not.toBe(view);
    end();
    page.store.add({ title: 'c' });
    expect(told).toBe(1);
  });

  it('sends nothing before it begins and nothing after it ends', async () => {
    const page = new SimulatedPage('a');
    page.store.show(NEWEST_FIRST);
    page.store.add({ title: 'b' });
    expect(page.asked).toEqual([]);
    page.store.start();
    expect(page.asked).toEqual(['create', 'list']);
    page.store.stop();
    expect(page.asked).toEqual(['create']);
    page.store.delete('x');
    await page.answerAll();
    page.store.refresh();
    expect(page.asked).toEqual([]);
    page.store.start();
    expect(page.asked).toEqual(['remove', 'list']);
  });

  it('wakes up for nothing after it has ended', async () => {
    const page = new SimulatedPage('a').open();
    page.store.add({ title: 'b' });
    await page.first((call) => call.lose());
    expect(page.clock.isQuiet).toBe(false);
    page.store.stop();
    expect(page.clock.isQuiet).toBe(true);
  });

  it('runs on the platform’s own clock and timers', async () => {
    const page = new SimulatedPage('a');
    let lists = 0;
    const store = new TaskStore({
      newKey: () => 'key',
      api: {
        ...page.network.api,
        list: async (filters, cursor) =>
          lists++ === 0 ? Promise.reject(problem(503, 0.001)) : page.server.list(filters, cursor),
      },
    });
    const loaded = new Promise<void>(
      (resolve) => void store.subscribe(() => store.view(NEWEST_FIRST).isLoaded && resolve()),
    );
    store.show(NEWEST_FIRST);
    store.start();
    await settled();
    expect(store.view(NEWEST_FIRST).error).toMatchObject({ status: 503 });
    store.wake();
    await loaded;
    expect(lists).toBe(2);
    store.stop();
  });
});

describe('another list', () => {
  it('is asked for when it is shown; the request for the one before is called off', async () => {
    const page = new SimulatedPage('a');
    page.store.start();
    page.store.show(NEWEST_FIRST);
    const [before] = page.network.calls;
    page.store.show(OPEN);
    expect(page.network.calls).toHaveLength(1);
    expect(page.network.calls[0]).not.toBe(before);
    await page.answerAll();
    expect([page.store.view(OPEN).isLoaded, page.store.view(NEWEST_FIRST).isLoaded]).toEqual([true, false]);
    page.store.show(NEWEST_FIRST);
    expect(page.asked).toEqual(['list']);
  });

  it('shown twice is asked for once', () => {
    const page = new SimulatedPage('a');
    page.store.start();
    page.store.show(NEWEST_FIRST);
    const [call] = page.network.calls;
    page.store.show({ ...NEWEST_FIRST });
    expect(page.network.calls).toEqual([call]);
  });

  it('hidden is not kept up to date, and has no task on show', async () => {
    const page = new SimulatedPage('a').open();
    const { id } = page.task('a');
    expect([page.store.isShown(id), page.store.isShown('x')]).toEqual([true, false]);
    page.store.refresh();
    page.store.hide();
    page.store.refresh();
    expect([page.asked, page.store.isShown(id)]).toEqual([[], false]);
    page.store.show(NEWEST_FIRST);
    expect(page.asked).toEqual(['list']);
  });

  it('that failed is asked for again by whoever comes back to it', async () => {
    const page = new SimulatedPage('a');
    page.store.start();
    page.store.show(NEWEST_FIRST);
    await page.first((call) => call.refuse(problem(500)));
    expect([page.store.view(NEWEST_FIRST).error, page.asked]).toMatchObject([{ status: 500 }, []]);
    page.store.show(OPEN);
    page.store.show(NEWEST_FIRST);
    expect([page.store.view(NEWEST_FIRST).error, page.asked]).toEqual([undefined, ['list']]);
  });

  it('that is to wait is waited for, whoever comes back', async () => {
    const page = new SimulatedPage('a');
    page.store.start();
    page.store.show(NEWEST_FIRST);
    await page.first((call) => call.refuse(problem(503, 30)));
    page.store.show(OPEN);
    await page.answerAll();
    page.store.show(NEWEST_FIRST);
    expect(page.asked).toEqual([]);
    page.clock.next();
    expect([page.clock.now, page.asked]).toEqual([31_000, ['list']]);
  });
});

describe('a list longer than a page', () => {
  const long = () => new SimulatedPage('a', 'b', 'c', 'd', 'e', 'f', 'g').open();

  it('grows by a page each time, until its end', async () => {
    const page = long();
    expect(page.store.view(NEWEST_FIRST)).toMatchObject({ hasMore: true, isLoadingMore: false });
    page.store.more();
    page.store.more();
    expect([page.asked, page.store.view(NEWEST_FIRST).isLoadingMore]).toEqual([['list'], true]);
    await page.answerAll();
    expect(page.titles()).toEqual(['g', 'f', 'e', 'd', 'c', 'b']);
    page.store.more();
    await page.answerAll();
    expect([page.titles(), page.store.view(NEWEST_FIRST).hasMore]).toEqual([
      ['g', 'f', 'e', 'd', 'c', 'b', 'a'],
      false,
    ]);
    page.store.more();
    expect(page.asked).toEqual([]);
  });

  it('knows which page each row belongs to; a row that no page names belongs to the one above it', async () => {
    const page = long();
    page.store.more();
    await page.answerAll();
    page.store.add({ title: 'new' });
    const { tasks, pageOf } = page.store.view(NEWEST_FIRST);
    expect(tasks.map(({ title, id }) => [title, pageOf.get(id)])).toEqual([
      ['new', 0],
      ['g', 0],
      ['f', 0],
      ['e', 0],
      ['d', 1],
      ['c', 1],
      ['b', 1],
    ]);
  });

  it('keeps fresh what is in view, and reads the rest when it comes into view', async () => {
    const page = long();
    page.store.more();
    await page.answerAll();
    page.store.look(new Set([1]));
    page.store.refresh();
    await page.answerAll();
    expect(page.asked).toEqual([]);
    page.store.look(new Set());
    page.store.look(new Set([1]));
    expect(page.asked).toEqual([]);
    page.store.look(new Set([0, 1]));
    expect([page.asked, page.store.view(NEWEST_FIRST).isLoadingMore]).toEqual([['list'], false]);
  });

  it('after a refusal of the next page a person asks again; 429 included', async () => {
    for (const status of [400, 429, 500]) {
      const page = long();
      page.store.more();
      await page.first((call) => call.refuse(problem(status, 5)));
      expect(page.store.view(NEWEST_FIRST)).toMatchObject({ isLoadingMore: false, error: { status } });
      expect(page.clock.isQuiet).toBe(true);
      page.store.more();
      expect(page.asked).toEqual([]);
      page.store.tryAgain();
      expect([page.asked, page.store.view(NEWEST_FIRST).error]).toEqual([['list'], undefined]);
      await page.answerAll();
      expect(page.titles()).toHaveLength(6);
    }
  });

  it('a next page that doesn’t come is asked for twice more by itself, and then by a person', async () => {
    const page = long();
    page.store.more();
    await page.first((call) => call.lose());
    page.clock.next();
    await page.first((call) => call.lose());
    page.clock.next();
    await page.first((call) => call.lose());
    expect([page.clock.isQuiet, page.store.view(NEWEST_FIRST).error]).toEqual([true, expect.any(NoAnswer)]);
    page.store.wake();
    await page.first((call) => call.lose());
    expect(page.clock.isQuiet).toBe(false);
  });

  it('what keeps the list true is asked for by itself, however often it fails', async () => {
    const page = long();
    page.store.refresh();
    for (let time = 0; time < 6; time++) {
      await page.first((call) => call.refuse(problem(429, 5)));
      page.clock.next();
      expect(page.asked).toEqual(['list']);
    }
    await page.answerAll();
    expect(page.store.view(NEWEST_FIRST).error).toBeUndefined();
  });

  it('a refused cursor begins the chain anew', async () => {
    const page = long();
    page.store.more();
    await page.answerAll();
    page.store.more();
    await page.first((call) => call.refuse(problem(400)));
    page.store.tryAgain();
    expect(page.titles()).toEqual(['g', 'f', 'e']);
    await page.answerAll();
    expect(page.titles()).toHaveLength(7);
  });

  it('any other failure keeps what is loaded', async () => {
    const page = long();
    page.store.more();
    await page.answerAll();
    page.store.more();
    await page.first((call) => call.refuse(problem(500)));
    page.store.tryAgain();
    expect(page.titles()).toHaveLength(6);
  });
});

describe('news', () => {
  it('of a deletion takes the row away at once, and asks for nothing', () => {
    const page = new SimulatedPage('a', 'b').open();
    page.server.remove(page.task('a').id);
    page.deliver();
    expect([page.titles(), page.asked, page.clock.isQuiet]).toEqual([['b'], [], true]);
  });

  it('of changes elsewhere lead to one look, a moment after the first', async () => {
    const page = new SimulatedPage('a').open();
    page.server.create({ title: 'b' }, 'b');
    page.server.update(page.task('a').id, { title: 'A' });
    page.deliver();
    expect(page.asked).toEqual([]);
    page.clock.next();
    expect([page.clock.now, page.asked, page.clock.isQuiet]).toEqual([1_150, ['list'], true]);
    await page.answerAll();
    expect(page.titles()).toEqual(['b', 'A']);
    page.server.update(page.task('b').id, { title: 'B' });
    page.deliver();
    page.clock.next();
    expect(page.asked).toEqual(['list']);
  });

  it('of what is known already lead to none', async () => {
    const page = new SimulatedPage('a').open();
    page.store.event({ type: 'task.updated', id: page.task('a').id, version: 1 });
    expect(page.clock.isQuiet).toBe(true);
    page.store.setDone(page.task('a').id, true);
    await page.answerAll();
    page.deliver();
    expect([page.clock.isQuiet, page.asked]).toEqual([true, []]);
  });

  it('that our own change may explain wait for its answer', async () => {
    const page = new SimulatedPage('a').open();
    page.store.add({ title: 'b' });
    page.network.calls[0]?.handle();
    page.deliver();
    page.clock.next();
    expect(page.asked).toEqual(['create']);
    await page.answerAll();
    expect([page.asked, page.titles()]).toEqual([[], ['b', 'a']]);
  });

  it('that our own change doesn’t explain lead to a look once it is answered', async () => {
    const page = new SimulatedPage('a').open();
    const { id } = page.task('a');
    page.store.setDone(id, true);
    page.network.calls[0]?.handle();
    page.server.update(id, { title: 'A' });
    page.deliver();
    page.clock.next();
    expect(page.asked).toEqual(['update']);
    await page.first((call) => call.answer());
    expect(page.asked).toEqual(['list']);
    await page.answerAll();
    expect(page.titles()).toEqual(['A']);
  });

  it('“reset” says that something may have been missed: the list is read again', async () => {
    const page = new SimulatedPage('a').open();
    page.server.create({ title: 'b' }, 'b');
    page.store.event({ type: 'reset' });
    await page.answerAll();
    expect(page.titles()).toEqual(['b', 'a']);
  });
});

describe('a new task', () => {
  it('is a row at once and the API’s when it answers', async () => {
    const page = new SimulatedPage('a').open();
    const key = page.store.add({ title: 'b' });
    const [row] = page.store.view(NEWEST_FIRST).tasks;
    expect([page.titles(), page.store.entryOf(row?.id ?? '')?.state]).toEqual([['b', 'a'], 'sending']);
    expect(page.store.entries).toMatchObject([{ intention: { kind: 'add', key, draft: { title: 'b' } }, tries: 1 }]);
    await page.answerAll();
    expect([page.titles(), page.store.entries, page.done]).toEqual([['b', 'a'], [], [['add', 'b']]]);
    expect(page.store.view(NEWEST_FIRST).tasks[0]?.id).toBe(page.task('b').id);
    expect(page.store.task(page.task('b').id)).toMatchObject({ gone: false, task: { title: 'b' } });
  });

  it('waits for the one before it', async () => {
    const page = new SimulatedPage().open();
    page.store.add({ title: 'a' });
    page.store.add({ title: 'b' });
    expect(page.asked).toEqual(['create']);
    await page.first((call) => call.answer());
    expect(page.asked).toEqual(['create']);
    await page.answerAll();
    expect(page.titles()).toEqual(['b', 'a']);
  });

  it('is sent three times with its key; without an answer its text comes back and the list is read again', async () => {
    const page = new SimulatedPage().open();
    const key = page.store.add({ title: 'a' });
    for (const pause of [2_000, 4_000]) {
      const before = page.clock.now;
      await page.first((call) => call.lose());
      expect(page.store.entries).toMatchObject([
        { state: 'waiting', unknown: true, error: expect.any(NoAnswer) as NoAnswer },
      ]);
      page.clock.next();
      expect(page.clock.now - before).toBe(pause);
    }
    await page.first((call) => {
      call.handle();
      call.lose();
    });
    expect(page.store.entries).toMatchObject([{ state: 'failed', unknown: true, tries: 3 }]);
    expect([page.asked, page.refused]).toEqual([['list'], []]);
    await page.answerAll();
    page.store.retry(key);
    page.store.retry(key);
    expect(page.store.entries).toMatchObject([{ state: 'sending', tries: 1 }]);
    expect(page.store.entries[0]?.error).toBeUndefined();
    await page.answerAll();
    expect([page.titles(), page.server.made.get(key)]).toEqual([['a'], 1]);
  });

  it('is not sent again where the API was asked and refused: a person decides, and may give it up', async () => {
    for (const status of [400, 500, 503]) {
      const page = new SimulatedPage().open();
      const key = page.store.add({ title: 'a' });
      await page.first((call) => call.refuse(problem(status)));
      expect(page.store.entries).toMatchObject([{ state: 'failed', unknown: status === 500, error: { status } }]);
      expect(page.refused).toEqual([]);
      page.store.discard(key);
      expect(page.store.entries).toEqual([]);
    }
  });

  it('waits as often as the API says that there are too many at once', async () => {
    const page = new SimulatedPage().open();
    page.store.add({ title: 'a' });
    for (let time = 0; time < 5; time++) {
      await page.first((call) => call.refuse(problem(429, 7)));
      expect(page.store.entries).toMatchObject([{ state: 'waiting', unknown: false, until: page.clock.now + 7_000 }]);
      page.clock.next();
    }
    await page.answerAll();
    expect(page.titles()).toEqual(['a']);
  });

  it('of a machine that is offline is given back at once, certain that it never left', async () => {
    const page = new SimulatedPage().open();
    page.online = false;
    page.store.add({ title: 'a' });
    await page.first((call) => call.lose());
    expect(page.store.entries).toMatchObject([{ state: 'failed', unknown: false }]);
    expect(page.asked).toEqual([]);
  });

  it('that was given back keeps no other from being sent', async () => {
    const page = new SimulatedPage().open();
    page.store.add({ title: 'a' });
    await page.first((call) => call.refuse(problem(400)));
    page.store.add({ title: 'b' });
    await page.answerAll();
    expect(page.titles()).toEqual(['b']);
  });

  it('made by a lost request is no older than the news since: its copy’s answer says how it was made', async () => {
    const page = new SimulatedPage().open();
    page.store.add({ title: 'a' });
    await page.first((call) => {
      call.handle();
      call.lose();
    });
    page.server.update(page.task('a').id, { status: 'done' });
    page.clock.next();
    await page.answerAll();
    expect(page.store.view(NEWEST_FIRST).tasks).toMatchObject([{ title: 'a', status: 'done' }]);
  });
});

describe('completing a task', () => {
  it('shows at once, and unchecking brings back what it was', async () => {
    const page = new SimulatedPage('a').open();
    const { id } = page.server.update(page.task('a').id, { status: 'in_progress' });
    page.deliver();
    page.clock.next();
    await page.answerAll();
    page.store.setDone(id, true);
    expect(page.store.view(NEWEST_FIRST).tasks[0]?.status).toBe('done');
    await page.answerAll();
    page.store.setDone(id, false);
    await page.answerAll();
    expect(page.server.find(id).status).toBe('in_progress');
    expect(page.done).toEqual([
      ['edit', 'a'],
      ['edit', 'a'],
    ]);
    expect(page.store.beforeDone).toEqual([[id, 'in_progress']]);
  });

  it('again before it was sent leaves one change to send, the last; what is under way is not taken back', async () => {
    const page = new SimulatedPage('a').open();
    const { id } = page.task('a');
    page.store.setDone(id, true);
    page.store.setDone(id, false);
    page.store.setDone(id, true);
    expect(
      page.store.entries.map(({ intention, state }) => [intention.kind === 'edit' && intention.change.status, state]),
    ).toEqual([
      ['done', 'sending'],
      ['done', 'waiting'],
    ]);
    await page.answerAll();
    expect(page.server.find(id)).toMatchObject({ status: 'done', version: 3 });
  });

  it('replaces nothing that was tried, and no deletion', async () => {
    const page = new SimulatedPage('a').open();
    const { id } = page.task('a');
    page.store.setDone(id, true);
    await page.first((call) => call.refuse(problem(503)));
    page.store.setDone(id, false);
    expect(page.store.entries).toHaveLength(2);
    page.store.delete(id);
    page.store.setDone(id, true);
    expect(page.store.entries.map(({ intention }) => intention.kind)).toEqual(['edit', 'edit', 'delete', 'edit']);
  });

  it('replaces no change of another task', () => {
    const page = new SimulatedPage('a', 'b').open();
    page.store.stop();
    page.store.setDone(page.task('a').id, true);
    page.store.setDone(page.task('b').id, true);
    page.store.add({ title: 'c' });
    page.store.setDone(page.task('b').id, false);
    expect(page.store.entries.map(({ intention }) => intention.kind === 'edit' && intention.id)).toEqual([
      page.task('a').id,
      false,
      page.task('b').id,
    ]);
  });

  it('that is refused goes back to what it was, and the page is told', async () => {
    const page = new SimulatedPage('a').open();
    page.store.setDone(page.task('a').id, true);
    await page.first((call) => call.refuse(problem(422)));
    expect(page.store.view(NEWEST_FIRST).tasks[0]?.status).toBe('todo');
    expect([page.refused, page.store.entries, page.asked]).toMatchObject([[['edit', { status: 422 }]], [], []]);
  });

  it('of a task that is gone takes the row away', async () => {
    const page = new SimulatedPage('a').open();
    const { id } = page.task('a');
    page.server.remove(id);
    page.store.setDone(id, true);
    await page.answerAll();
    expect([page.titles(), page.store.task(id)?.gone]).toEqual([[], true]);
    expect(page.refused).toMatchObject([['edit', { status: 404 }]]);
  });

  it('is sent again after a pause, as long as the API can’t serve; it stays on show meanwhile', async () => {
    const page = new SimulatedPage('a').open();
    page.store.setDone(page.task('a').id, true);
    for (let time = 0; time < 5; time++) {
      await page.first((call) => call.refuse(problem(503)));
      expect(page.store.view(NEWEST_FIRST).tasks[0]?.status).toBe('done');
      expect([page.asked, page.refused]).toEqual([[], []]);
      page.clock.next();
    }
    await page.answerAll();
    expect(page.server.find(page.task('a').id).status).toBe('done');
  });

  it('refused without saying what was done leads to a look at the list', async () => {
    const page = new SimulatedPage('a').open();
    page.store.setDone(page.task('a').id, true);
    await page.first((call) => call.refuse(problem(500)));
    expect([page.asked, page.refused]).toMatchObject([['list'], [['edit', { status: 500 }]]]);
  });

  it('of somebody signed out is kept and not sent until they are back', async () => {
    const page = new SimulatedPage('a').open();
    page.store.setDone(page.task('a').id, true);
    await page.first((call) => call.refuse(problem(401)));
    expect(page.store.entries).toMatchObject([{ state: 'waiting', until: Infinity, error: { status: 401 } }]);
    expect([page.asked, page.clock.isQuiet]).toEqual([[], true]);
    page.store.wake();
    expect(page.asked).toEqual(['update']);
  });

  it('answered after news may have been missed is old: the list is read again', async () => {
    const page = new SimulatedPage('a').open();
    page.store.setDone(page.task('a').id, true);
    page.network.calls[0]?.handle();
    page.store.refresh();
    await page.first((call) => call.answer());
    await page.first((call) => call.answer());
    expect(page.asked).toEqual(['list']);
  });

  it('and deleted elsewhere before its late answer came: the row does not come back', async () => {
    const page = new SimulatedPage('a').open();
    const { id } = page.task('a');
    page.store.setDone(id, true);
    page.network.calls[0]?.handle();
    page.server.remove(id);
    page.store.refresh();
    page.network.calls[1]?.answer();
    await page.answerAll();
    expect(page.titles()).toEqual([]);
  });
});

describe('deleting a task', () => {
  it('takes the row away at once, and undoing it brings back the same task', async () => {
    const page = new SimulatedPage('a', 'b').open();
    const { id } = page.task('a');
    page.store.delete(id);
    expect(page.titles()).toEqual(['b']);
    await page.answerAll();
    expect([page.titles(), page.store.task(id)?.gone]).toEqual([['b'], true]);
    page.store.undelete(id);
    expect(page.titles()).toEqual(['b', 'a']);
    await page.answerAll();
    expect([page.titles(), page.server.find(id).version]).toEqual([['b', 'a'], 2]);
    expect(page.done).toEqual([
      ['delete', undefined],
      ['restore', 'a'],
    ]);
  });

  it('can’t be undone for a task nobody has heard of', () => {
    const page = new SimulatedPage('a').open();
    page.store.undelete('x');
    expect([page.store.entries, page.asked]).toEqual([[], []]);
  });

  it('takes nothing away that was restored elsewhere meanwhile', async () => {
    const page = new SimulatedPage('a').open();
    const { id } = page.task('a');
    page.store.delete(id);
    page.network.calls[0]?.handle();
    page.server.restore(id);
    page.deliver();
    page.clock.next();
    await page.answerAll();
    expect(page.titles()).toEqual(['a']);
  });
});

describe('where letters decide', () => {
  it('the list is read again after each change of ours, and after news from another list', async () => {
    const page = new SimulatedPage('a', 'c').open(BY_TITLE);
    page.store.add({ title: 'b' });
    await page.first((call) => call.answer());
    expect(page.asked).toEqual(['list']);
    await page.answerAll();
    expect(page.titles(BY_TITLE)).toEqual(['a', 'b', 'c']);
    page.store.delete(page.task('b').id);
    await page.first((call) => call.answer());
    expect(page.asked).toEqual([]);
    page.server.create({ title: 'aa' }, 'aa');
    page.store.show(NEWEST_FIRST);
    await page.answerAll();
    page.store.show(BY_TITLE);
    expect(page.asked).toEqual(['list']);
  });

  it('a task that moved to a later page is taken out of the one before: that one is read again', async () => {
    const page = new SimulatedPage('a', 'b', 'c', 'd').open(BY_TITLE);
    page.store.look(new Set([0]));
    page.server.update(page.task('a').id, { title: 'z' });
    page.store.more();
    await page.first((call) => call.answer());
    expect(page.asked).toEqual(['list']);
    await page.answerAll();
    expect(page.titles(BY_TITLE)).toEqual(page.server.all(BY_TITLE).map(({ title }) => title));
  });

  it('a list whose order we know is not', async () => {
    const page = new SimulatedPage('a').open();
    page.store.add({ title: 'b' });
    await page.first((call) => call.answer());
    expect(page.asked).toEqual([]);
  });
});

describe('what the page before has left', () => {
  const left = (given: Partial<Entry> = {}): Entry => ({
    intention: { kind: 'add', key: 'kept', draft: { title: 'kept' } },
    state: 'waiting',
    unknown: false,
    tries: 2,
    firstSent: 9,
    until: 99_999,
    ...given,
  });

  it('is sent at once with its key; what was under way may have been done', async () => {
    const page = new SimulatedPage();
    page.store.restore([left({ state: 'sending' })], []);
    expect(page.store.entries).toMatchObject([
      { state: 'waiting', unknown: true, tries: 2, until: 0, firstSent: undefined },
    ]);
    page.open();
    await page.answerAll();
    expect([page.titles(), page.server.made.get('kept')]).toEqual([['kept'], 1]);
  });

  it('is taken over as it was otherwise, once', () => {
    const page = new SimulatedPage();
    page.store.restore([left()], []);
    page.store.restore(
      [
        left({ unknown: true }),
        left({ intention: { kind: 'add', key: 'x', draft: { title: 'x' } }, state: 'failed', unknown: true }),
      ],
      [],
    );
    expect(page.store.entries).toMatchObject([
      { state: 'waiting', unknown: false },
      { state: 'failed', unknown: true },
    ]);
  });

  it('knows what completed tasks were before, and which tasks it was bringing back', () => {
    const page = new SimulatedPage('a');
    const task = page.task('a');
    page.store.restore([left({ intention: { kind: 'restore', key: 'r', id: task.id, task } })], [['b', 'in_progress']]);
    expect(page.store.beforeDone).toEqual([['b', 'in_progress']]);
    expect(page.store.task(task.id)).toMatchObject({ gone: true, version: 1 });
    page.store.setDone('b', false);
    expect(page.store.entries[1]?.intention).toMatchObject({ change: { status: 'in_progress' } });
  });
});

describe('saving an edit', () => {
  it('shows what was saved', async () => {
    const page = new SimulatedPage('a').open();
    const base = page.task('a');
    const saving = page.store.save(base, { ...base, title: 'A' });
    await page.answerAll();
    expect(await saving).toEqual({ kind: 'saved' });
    expect([page.titles(), page.asked]).toEqual([['A'], []]);
  });

  it('leads to a look where letters decide', async () => {
    const page = new SimulatedPage('a').open(BY_TITLE);
    const base = page.task('a');
    const saving = page.store.save(base, { ...base, title: 'A' });
    await page.first((call) => call.answer());
    expect(page.asked).toEqual(['list']);
    await page.answerAll();
    await saving;
  });

  it('leads to a look where news may have been missed meanwhile', async () => {
    const page = new SimulatedPage('a').open();
    const base = page.task('a');
    const saving = page.store.save(base, { ...base, title: 'A' });
    page.store.refresh();
    await page.answerAll();
    await saving;
    await page.answerAll();
    expect(page.titles()).toEqual(['A']);
  });

  it('answered after a list that was read later has no such task: the row does not come back', async () => {
    const page = new SimulatedPage('a').open();
    const base = page.task('a');
    const saving = page.store.save(base, { ...base, title: 'A' });
    page.network.calls[0]?.handle();
    page.server.remove(base.id);
    page.store.refresh();
    page.network.calls[1]?.answer();
    await page.answerAll();
    await saving;
    await page.answerAll();
    expect(page.titles()).toEqual([]);
  });

  it('takes the row away when the task is gone, and brings it back when asked to', async () => {
    const page = new SimulatedPage('a').open();
    const base = page.task('a');
    page.server.remove(base.id);
    const saving = page.store.save(base, { ...base, title: 'A' });
    await page.answerAll();
    expect(await saving).toEqual({ kind: 'gone' });
    expect(page.titles()).toEqual([]);
    const back = page.store.bringBack(base.id, base);
    await page.answerAll();
    expect([await back, page.titles()]).toEqual([true, ['a']]);
  });

  it('makes a task anew that was removed for good', async () => {
    const page = new SimulatedPage('a').open();
    const back = page.store.bringBack('x', { ...page.task('a'), title: 'anew' });
    await page.first((call) => call.answer());
    expect(await back).toBe(false);
    await page.answerAll();
    expect(page.titles()).toEqual(['anew', 'a']);
  });

  it('hands on any other refusal to bring it back', async () => {
    const page = new SimulatedPage('a').open();
    const back = page.store.bringBack('x', page.task('a'));
    const refused = back.catch((error: unknown) => error);
    await page.first((call) => call.refuse(problem(503)));
    expect(await refused).toMatchObject({ status: 503 });
    expect(page.store.entries).toEqual([]);
  });

  it('brought back where letters decide, it leads to a look', async () => {
    const page = new SimulatedPage('a').open(BY_TITLE);
    const base = page.task('a');
    page.server.remove(base.id);
    page.deliver();
    const back = page.store.bringBack(base.id, base);
    await page.first((call) => call.answer());
    await back;
    expect(page.asked).toEqual(['list']);
  });
});

describe('a task that no list shows', () => {
  it('is asked for, and found gone', async () => {
    const page = new SimulatedPage('a').open(OPEN);
    const base = page.task('a');
    page.server.remove(base.id);
    void page.store.find(base, page.store.refreshed);
    expect(page.asked).toEqual(['get']);
    await page.answerAll();
    expect(page.store.task(base.id)).toMatchObject({ gone: true });
    expect(page.titles(OPEN)).toEqual([]);
  });

  it('that this page didn’t see is gone at the version of its edit: older news doesn’t bring it back', async () => {
    const page = new SimulatedPage().open();
    const base = page.server.create({ title: 'a' }, 'a');
    const early = page.server.list(OPEN, null);
    page.server.remove(base.id);
    void page.store.find(base, page.store.refreshed);
    await page.answerAll();
    page.store.seed(OPEN, early);
    expect(page.titles(OPEN)).toEqual([]);
  });

  it('is learnt as it is now, and leads to a look where letters decide', async () => {
    const page = new SimulatedPage('a').open(BY_TITLE);
    const base = page.task('a');
    page.server.update(base.id, { title: 'A' });
    void page.store.find(base, page.store.refreshed);
    await page.first((call) => call.answer());
    expect(page.asked).toEqual(['list']);
    await page.answerAll();
    expect(page.titles(BY_TITLE)).toEqual(['A']);
  });

  it('is not asked for again until something may have been missed', async () => {
    const page = new SimulatedPage('a').open();
    const base = page.task('a');
    void page.store.find(base, page.store.refreshed);
    await page.answerAll();
    void page.store.find(base, page.store.refreshed);
    expect(page.asked).toEqual([]);
    page.store.hide();
    page.store.refresh();
    void page.store.find(base, page.store.refreshed);
    expect(page.asked).toEqual(['get']);
  });

  it('teaches nothing without an answer', async () => {
    const page = new SimulatedPage('a').open();
    const base = page.task('a');
    const before = page.store.task(base.id);
    const asked = page.store.find(base, page.store.refreshed);
    await page.first((call) => call.lose());
    await asked;
    expect(page.store.task(base.id)).toBe(before);
  });
});
