import { StatementNames } from './statement.names.ts';

/** The names a text gets when it is sent so many times. */
const sent = (names: StatementNames, text: string, times: number): (string | undefined)[] =>
  Array.from({ length: times }, () => names.nameOf(text));

describe('StatementNames', () => {
  it('a select gets a name when it recurs, and keeps it', () => {
    const names = new StatementNames();
    expect(sent(names, 'select id from note where id = $1', 4)).toEqual([
      undefined,
      undefined,
      'isolation_1',
      'isolation_1',
    ]);
    expect(sent(names, 'SELECT "body" FROM "note"', 3)).toEqual([undefined, undefined, 'isolation_2']);
    expect(names.nameOf('select id from note where id = $1')).toBe('isolation_1');
  });

  it.each([
    ['what writes', 'update note set body = $1'],
    ['all columns, which a migration may change', 'select * from note'],
    ['a transaction', 'START TRANSACTION'],
  ])('%s gets none: %s', (_what, text) => {
    expect(sent(new StatementNames(), text, 5)).toEqual(Array(5).fill(undefined));
  });

  it('names run out, so that code which writes values into its SQL takes no room', () => {
    const names = new StatementNames();
    const given = Array.from({ length: 200 }, (_, n) => sent(names, `select id from note where n = ${n}`, 3)[2]).filter(
      (name) => name !== undefined,
    );
    expect(given).toHaveLength(100);
    expect(names.nameOf('select id from note where n = 0')).toBe('isolation_1');
  });

  it('texts that never recur are forgotten', () => {
    const names = new StatementNames();
    sent(names, 'select id from note', 2);
    for (let n = 0; n < 1_000; n += 1) names.nameOf(`select id from note where n = ${n}`);
    expect(sent(names, 'select id from note', 3)).toEqual([undefined, undefined, 'isolation_1']);
  });

  it('a refused name is replaced once, however many connections report it', () => {
    const names = new StatementNames();
    const text = 'select id from note';
    const first = sent(names, text, 3)[2]!;
    expect(names.renew(text, first)).toBe('isolation_2');
    expect(names.renew(text, first)).toBe('isolation_2');
    expect(names.nameOf(text)).toBe('isolation_2');
  });
});
