import { AssertionError } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { QueryFailedError } from 'typeorm';
import { watchProcess } from './process.errors.ts';

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly stack?: string;
}

function watch() {
  const lines: string[] = [];
  const target = new EventEmitter();
  const stop = jest.fn();
  watchProcess(target, pino({ base: null }, { write: (line: string) => void lines.push(line) }), stop);
  return { target, stop, lines: () => lines.map((line) => JSON.parse(line) as Line), text: () => lines.join('') };
}

const ERROR = 50;
const FATAL = 60;

it('a rejection that nobody handles is an error line that says where it came from, and the process goes on', () => {
  const { target, stop, lines } = watch();
  for (const reason of [new Error('late'), new TypeError('worse'), 'a string', undefined])
    target.emit('unhandledRejection', reason);
  expect(lines().map(({ level }) => level)).toEqual([ERROR, ERROR, ERROR, ERROR]);
  expect(lines()[0]!.msg).toMatch(/forgotten await.*the process goes on/);
  expect(lines()[0]!.stack).toMatch(/process\.errors\.spec/);
  expect(stop).not.toHaveBeenCalled();
});

it('no value of the failed work is in the line', () => {
  const { target, text } = watch();
  const refused = Object.assign(new pg.DatabaseError('Key (body)=(canary) exists', 0, 'error'), {
    code: '23505',
    detail: 'canary',
  });
  target.emit('unhandledRejection', new QueryFailedError('insert into note (body) values ($1)', ['canary'], refused));
  target.emit('unhandledRejection', 'canary');
  expect(text()).not.toContain('canary');
});

it.each([
  ['an assertion of Node or a library', 'unhandledRejection', new AssertionError({ message: 'no' })],
  ['a want of memory', 'unhandledRejection', Object.assign(new Error('no'), { code: 'ERR_OUT_OF_MEMORY' })],
  ['an exception', 'uncaughtException', new Error('no')],
  ['something thrown that is no error', 'uncaughtException', null],
])('%s leaves the process in doubt: it says so and ends, once', (_what, event, error) => {
  const { target, stop, lines } = watch();
  target.emit(event, error);
  target.emit('uncaughtException', new Error('again'));
  expect(lines().map(({ level }) => level)).toEqual([FATAL, FATAL]);
  expect(lines()[0]!.msg).toMatch(/the state of the process is in doubt, it ends in order/);
  expect(stop).toHaveBeenCalledTimes(1);
});

it('a real process outlives a rejection, and ends after an exception', () => {
  const script = `
    import { pino } from 'pino';
    import { watchProcess } from ${JSON.stringify(join(import.meta.dirname, 'process.errors.ts'))};
    watchProcess(process, pino({ base: null }, pino.destination({ dest: 1, sync: true })), () => process.exit(7));
    void Promise.reject(new Error('forgotten'));
    setTimeout(() => { console.log('still here'); throw new Error('thrown'); }, 10);
  `;
  const { stdout, status } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    encoding: 'utf8',
    cwd: join(import.meta.dirname, '../..'),
  });
  expect(stdout).toMatch(/unhandled rejection[\s\S]*still here[\s\S]*uncaught exception/);
  expect(status).toBe(7);
});
