import { ProblemException, validationProblem } from '../errors/problem.exception.ts';

/** What `If-Match` or `If-None-Match` names: any version, or these. */
export type EntityTags = '*' | readonly EntityTag[];

interface EntityTag {
  readonly weak: boolean;
  readonly value: string;
}

/** `W/"…"` or `"…"` as RFC 9110 spells it, and what separates it from the next. The quotes may hold a comma. */
const TAG = /[\t ]*(W\/)?"([\x21\x23-\x7E\x80-\xFF]*)"[\t ]*(?:,|$)/y;
/** A list may have empty elements (RFC 9110, 5.6.1). */
const EMPTY = /[\t ]*,/y;
const MAX_TAGS = 20;

/** The strong entity tag of a version: `"3"`. */
export function entityTag(version: number): string {
  return `"${version}"`;
}

/**
 * Reads a precondition header; undefined when it is absent.
 *
 * @throws {ProblemException} 400 when it is not a list of entity tags.
 */
export function parseEntityTags(
  name: 'if-match' | 'if-none-match',
  header: string | undefined,
): EntityTags | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return '*';
  const tags = readList(header);
  if (tags === undefined)
    throw validationProblem([
      { pointer: `/headers/${name}`, message: `must be * or up to ${MAX_TAGS} entity tags such as "3"` },
    ]);
  return tags;
}

/** Reads from the left, tag after tag; undefined where something else stands. */
function readList(header: string): EntityTag[] | undefined {
  const text = header.trim();
  const tags: EntityTag[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    at += found?.[0].length ?? 0;
    return found;
  };
  while (at < text.length) {
    if (match(EMPTY)) continue;
    const found = match(TAG);
    if (!found || tags.length === MAX_TAGS) return undefined;
    tags.push({ weak: found[1] !== undefined, value: found[2] ?? '' });
  }
  return tags.length === 0 ? undefined : tags;
}

/** Whether `If-None-Match` names this version: weak comparison, as RFC 9110 asks on reads. */
export function namesVersion(tags: EntityTags | undefined, version: number): boolean {
  if (tags === undefined) return false;
  return tags === '*' || tags.some((tag) => tag.value === String(version));
}

/** The versions `If-Match` allows, by strong comparison; undefined when any will do. */
export function allowedVersions(tags: EntityTags | undefined): readonly number[] | undefined {
  if (tags === undefined || tags === '*') return undefined;
  return tags.filter((tag) => !tag.weak && /^[1-9]\d{0,8}$/.test(tag.value)).map((tag) => Number(tag.value));
}

/** 412: the version the client knew is not the current one. */
export function staleProblem(pointer?: string): ProblemException {
  return new ProblemException(
    412,
    pointer === undefined ? {} : { errors: [{ pointer, message: 'names a version that is not the current one' }] },
  );
}
