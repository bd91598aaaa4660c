import { escapePointer } from '../errors/json-pointer.ts';
import { MAX_ERRORS } from '../errors/problem.ts';
import { cleanInput, INPUT_LIMITS } from './clean-input.ts';

const errorsOf = (value: unknown) => cleanInput(value).errors;
const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}1${']'.repeat(levels)}`);

describe('cleanInput', () => {
  it('lets ordinary input through as it is', () => {
    const body = { title: 'Buy milk', tags: ['a', 'b'], nested: { deep: [1, null, true, { x: 1.5 }] } };
    expect(cleanInput(structuredClone(body))).toEqual({ value: body, errors: [] });
    for (const value of ['text', 5, true, null, undefined]) expect(cleanInput(value)).toEqual({ value, errors: [] });
  });

  it('puts text into normal form C, wherever it stands', () => {
    expect(cleanInput({ title: 'cafe\u0301', list: ['e\u0301'], deep: { x: 'A\u030a' } }).value).toEqual({
      title: 'café',
      list: ['é'],
      deep: { x: 'Å' },
    });
    expect(cleanInput('e\u0301').value).toBe('é');
    expect(cleanInput('\u212b').value).toBe('Å');
  });

  it.each([
    ['NUL', 'a\u0000b', 'must not contain NUL characters'],
    ['a lone high surrogate', 'a\ud800', 'must not contain lone surrogates'],
    ['a lone low surrogate', '\udc00a', 'must not contain lone surrogates'],
  ])('refuses %s in text, and says where', (_name, text, message) => {
    expect(errorsOf({ a: [{ 'b/c~d': text }] })).toEqual([{ pointer: '/a/0/b~1c~0d', message }]);
    expect(cleanInput(text, '/query/q').errors).toEqual([{ pointer: '/query/q', message }]);
  });

  it('a whole pair of surrogates is text', () => {
    expect(errorsOf({ title: '😀' })).toEqual([]);
  });

  it.each(['a\u0000', 'a\ud800'])('refuses a property name that is no text, without repeating it', (name) => {
    expect(errorsOf({ deep: { [name]: 1 } })).toEqual([
      { pointer: '/deep', message: 'must not have property names with NUL characters or lone surrogates' },
    ]);
  });

  it.each([
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'valueOf',
    'isPrototypeOf',
    '__defineGetter__',
  ])('refuses %s, which every object answers to', (name) => {
    expect(errorsOf({ a: JSON.parse(`{"${name}":1}`) })).toEqual([
      { pointer: `/a/${name}`, message: 'is not an allowed property' },
    ]);
  });

  it(`takes ${INPUT_LIMITS.depth} levels, and not one more`, () => {
    expect(errorsOf(nested(INPUT_LIMITS.depth))).toEqual([]);
    expect(errorsOf(nested(INPUT_LIMITS.depth + 1))).toEqual([
      {
        pointer: '/0'.repeat(INPUT_LIMITS.depth),
        message: `must not be nested deeper than ${INPUT_LIMITS.depth} levels`,
      },
    ]);
    const objects = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
    expect(errorsOf(objects(INPUT_LIMITS.depth))).toEqual([]);
    expect(errorsOf(objects(INPUT_LIMITS.depth + 1))).toMatchObject([{ pointer: '/a'.repeat(INPUT_LIMITS.depth) }]);
  });

  it(`takes ${INPUT_LIMITS.properties} properties of an object, and not one more`, () => {
    const object = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]));
    expect(errorsOf(object(INPUT_LIMITS.properties))).toEqual([]);
    expect(errorsOf({ a: object(INPUT_LIMITS.properties + 1) })).toEqual([
      { pointer: '/a', message: `must not have more than ${INPUT_LIMITS.properties} properties` },
    ]);
  });

  it(`takes ${INPUT_LIMITS.items} items of an array, and not one more`, () => {
    expect(errorsOf(Array.from({ length: INPUT_LIMITS.items }, () => 1))).toEqual([]);
    expect(errorsOf({ a: Array.from({ length: INPUT_LIMITS.items + 1 }, () => 1) })).toEqual([
      { pointer: '/a', message: `must not have more than ${INPUT_LIMITS.items} items` },
    ]);
  });

  it(`takes ${INPUT_LIMITS.values} values in all, and not one more`, () => {
    // The outer array counts, and so does each inner one.
    const lists = (items: number): unknown => [
      Array.from({ length: 4_000 }, () => 1),
      Array.from({ length: 4_000 }, () => 1),
      Array.from({ length: items }, () => 1),
    ];
    expect(errorsOf(lists(INPUT_LIMITS.values - 8_004))).toEqual([]);
    expect(errorsOf(lists(INPUT_LIMITS.values - 8_003))).toEqual([
      { pointer: '', message: `must not hold more than ${INPUT_LIMITS.values} values` },
    ]);
  });

  it('looks at nothing beyond them', () => {
    const ones = (count: number): number[] => Array.from({ length: count }, () => 1);
    const tooMany = [{ pointer: '', message: `must not hold more than ${INPUT_LIMITS.values} values` }];
    expect(errorsOf([ones(4_000), ones(4_000), ones(2_000), '\u0000', ['\u0000'], { a: '\u0000' }])).toEqual(tooMany);
    const properties = ones(20).map((one, index) => [`k${index}`, one] as const);
    const wide = { ...Object.fromEntries(properties), ['n'.repeat(INPUT_LIMITS.name + 1)]: 1 };
    expect(errorsOf([ones(4_000), ones(4_000), ones(1_990), wide])).toEqual(tooMany);
  });

  it(`takes names of ${INPUT_LIMITS.name} characters, and repeats none that is longer`, () => {
    expect(errorsOf({ ['n'.repeat(INPUT_LIMITS.name)]: 1 })).toEqual([]);
    expect(errorsOf({ ['n'.repeat(INPUT_LIMITS.name + 1)]: 1 })).toEqual([
      { pointer: '', message: `must not have property names of more than ${INPUT_LIMITS.name} characters` },
    ]);
  });

  it('stops looking soon after the errors that will be told', () => {
    const bad = Array.from({ length: 4_000 }, () => '\u0000');
    expect(errorsOf(bad)).toHaveLength(MAX_ERRORS + 1);
    expect(errorsOf({ a: bad, b: bad })).toHaveLength(MAX_ERRORS + 1);
  });
});

it('escapePointer spells a name as RFC 6901 does', () => {
  expect(['a/b', 'a~b', '~1', '/~/', 'plain'].map(escapePointer)).toEqual(['a~1b', 'a~0b', '~01', '~1~0~1', 'plain']);
});
