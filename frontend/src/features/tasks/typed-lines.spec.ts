import { linesOf, taskOf } from './typed-lines.ts';

describe('a pasted list', () => {
  it('is its lines, without bullets, numbers, boxes and empty lines', () => {
    expect(linesOf('- milk\r\n* [ ] eggs\n\n  2. bread \n[x] salt\n• 3 apples\n')).toEqual([
      'milk',
      'eggs',
      'bread',
      'salt',
      '3 apples',
    ]);
  });

  it('keeps what only looks like a mark', () => {
    expect(linesOf('-5 °C in the cellar\n2030 taxes\n10.30 dentist')).toEqual([
      '-5 °C in the cellar',
      '2030 taxes',
      '10.30 dentist',
    ]);
  });

  it('loses nothing of a line that is too long for a title', () => {
    const line = 'word '.repeat(60).trim();
    const { title, description } = taskOf(line);
    expect(title.length).toBeLessThanOrEqual(200);
    expect(description).toBe(line);
  });
});
