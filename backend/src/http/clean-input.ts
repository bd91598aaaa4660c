import type { ProblemError } from './problem.ts';

/** Keys that reach an object's prototype when they are copied. */
const POISON = new Set(['__proto__', 'constructor', 'prototype']);
/** Deep enough for any DTO, shallow enough that no input exhausts the stack. */
const MAX_DEPTH = 32;
/** NUL is the one character PostgreSQL's text cannot hold. */
const NUL = '\u0000';
/** Half of a character outside the basic plane: not text, and no encoding keeps it. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Finds what no field may hold: NUL characters and lone surrogates, which PostgreSQL cannot store as sent, and keys
 * that poison prototypes. Returns one entry for each, with its JSON pointer below `base`.
 */
export function findUncleanInput(value: unknown, base = '', depth = 0): ProblemError[] {
  if (typeof value === 'string') return describeText(value, base);
  if (typeof value !== 'object' || value === null) return [];
  if (depth >= MAX_DEPTH) return [{ pointer: base, message: `must not be nested deeper than ${MAX_DEPTH} levels` }];
  if (Array.isArray(value)) return value.flatMap((item, index) => findUncleanInput(item, `${base}/${index}`, depth + 1));
  return Object.keys(value).flatMap((key) => {
    const pointer = `${base}/${escapePointer(key)}`;
    if (POISON.has(key)) return [{ pointer, message: 'is not an allowed property' }];
    if (describeText(key, pointer).length > 0) return [{ pointer: base, message: 'must not have property names with NUL characters or lone surrogates' }];
    return findUncleanInput(Reflect.get(value, key), pointer, depth + 1);
  });
}

function describeText(value: string, pointer: string): ProblemError[] {
  if (value.includes(NUL)) return [{ pointer, message: 'must not contain NUL characters' }];
  if (LONE_SURROGATE.test(value)) return [{ pointer, message: 'must not contain lone surrogates' }];
  return [];
}

/** A property name as a JSON pointer's segment (RFC 6901). */
export function escapePointer(segment: string): string {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1');
}
