import { escapePointer } from '../errors/json-pointer.ts';
import { MAX_ERRORS, type ProblemError } from '../errors/problem.ts';

/** What one request may hold, whatever its DTO says. More than people send, and cheap to transform and validate. */
export const INPUT_LIMITS = {
  /** Levels of objects and arrays: shallow enough that no input exhausts the stack. */
  depth: 32,
  /** Properties of one object. class-transformer looks each up in a list of all. */
  properties: 1_000,
  /** Characters of a property's name. */
  name: 256,
  /** Items of one array. */
  items: 5_000,
  /** Objects, arrays, strings, numbers, booleans and nulls in all. */
  values: 10_000,
} as const;

/** What is wrong with a request that holds more than it may. */
export const TOO_MANY_VALUES: ProblemError = {
  pointer: '',
  message: `must not hold more than ${INPUT_LIMITS.values} values`,
};

/** NUL is the one character PostgreSQL's text cannot hold. */
const NUL = '\u0000';
/** Half of a character outside the basic plane: not text, and no encoding keeps it. */
const LONE_SURROGATE = /\p{Surrogate}/u;
/** Only what has such characters can be in another normal form than NFC. */
const BEYOND_LATIN_1 = /[^\u0000-\u00FF]/; // oxlint-disable-line no-control-regex -- the range begins with NUL

/** Input as the API goes on with it, or what is wrong with it. */
export interface CleanInput {
  readonly value: unknown;
  /** One for each refused value, one more than {@link MAX_ERRORS} at most. */
  readonly errors: readonly ProblemError[];
}

/**
 * Bounds input before anything transforms it, in time linear in what it holds, and refuses what no field may hold:
 * NUL characters and lone surrogates, which PostgreSQL cannot store as sent, and keys that every object has already.
 * Text comes out in Unicode's normal form C, so that `é` is one character however it was typed; objects and arrays
 * are changed in place.
 *
 * @param base JSON pointer of the value in the request
 * @example
 * cleanInput({ title: 'a\u0000' }).errors // [{ pointer: '/title', message: 'must not contain NUL characters' }]
 */
export function cleanInput(value: unknown, base = ''): CleanInput {
  const walk = new Walk();
  const clean = walk.visit(value, base, 0);
  return { value: clean, errors: walk.errors };
}

class Walk {
  readonly errors: ProblemError[] = [];
  #left: number = INPUT_LIMITS.values;

  visit(value: unknown, pointer: string, depth: number): unknown {
    this.#left -= 1;
    if (this.#left === -1) this.errors.push(TOO_MANY_VALUES);
    if (this.#isOver) return value;
    if (typeof value === 'string') return this.#text(value, pointer);
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= INPUT_LIMITS.depth)
      this.#refuse(pointer, `must not be nested deeper than ${INPUT_LIMITS.depth} levels`);
    else if (Array.isArray(value)) this.#array(value, pointer, depth + 1);
    else this.#object(value, pointer, depth + 1);
    return value;
  }

  get #isOver(): boolean {
    return this.#left < 0 || this.errors.length > MAX_ERRORS;
  }

  #array(items: unknown[], pointer: string, depth: number): void {
    if (items.length > INPUT_LIMITS.items)
      return this.#refuse(pointer, `must not have more than ${INPUT_LIMITS.items} items`);
    for (let index = 0; index < items.length && !this.#isOver; index += 1) {
      items[index] = this.visit(items[index], `${pointer}/${index}`, depth);
    }
  }

  #object(value: object, pointer: string, depth: number): void {
    const names = Object.keys(value);
    if (names.length > INPUT_LIMITS.properties)
      return this.#refuse(pointer, `must not have more than ${INPUT_LIMITS.properties} properties`);
    for (const name of names) {
      if (this.#isOver) return;
      if (name.length > INPUT_LIMITS.name)
        this.#refuse(pointer, `must not have property names of more than ${INPUT_LIMITS.name} characters`);
      else if (problemOf(name) !== undefined)
        this.#refuse(pointer, 'must not have property names with NUL characters or lone surrogates');
      else if (isReserved(name)) this.#refuse(`${pointer}/${escapePointer(name)}`, 'is not an allowed property');
      else Reflect.set(value, name, this.visit(Reflect.get(value, name), `${pointer}/${escapePointer(name)}`, depth));
    }
  }

  #text(value: string, pointer: string): string {
    const message = problemOf(value);
    if (message !== undefined) this.#refuse(pointer, message);
    return BEYOND_LATIN_1.test(value) ? value.normalize('NFC') : value;
  }

  #refuse(pointer: string, message: string): void {
    this.errors.push({ pointer, message });
  }
}

/**
 * Names that reach an object's prototype when they are copied, and those every object answers to: class-transformer
 * drops them and class-validator takes them for known ones, so that they would pass in silence.
 */
function isReserved(name: string): boolean {
  return name === 'prototype' || name in Object.prototype;
}

function problemOf(text: string): string | undefined {
  if (text.includes(NUL)) return 'must not contain NUL characters';
  return LONE_SURROGATE.test(text) ? 'must not contain lone surrogates' : undefined;
}
