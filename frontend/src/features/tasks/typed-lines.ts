import { NOTES_MAX, TITLE_MAX, type NewTask } from './types.ts';

/** Most lines that are offered as tasks of their own. */
export const LINES_MAX = 100;

/** What lists begin their lines with: bullets, numbers, boxes. */
const BULLET = /^\s*(?:[-*•–]|\d{1,3}[.)])?\s*(?:\[[ xX]?\]\s+)?/;

/** The lines of a text that hold something, without what marks them as lines of a list. */
export function linesOf(text: string): string[] {
  return text
    .split(/\r\n|[\n\r\u2028]/)
    .map((line) => (/^\s*(?:[-*•–]|\d{1,3}[.)]|\[[ xX]?\])\s/.test(line) ? line.replace(BULLET, '') : line).trim())
    .filter((line) => line !== '');
}

/** A task of a line. What doesn't fit into a title stands in full in the notes. */
export function taskOf(line: string): NewTask {
  if (line.length <= TITLE_MAX) return { title: line };
  return { title: `${line.slice(0, TITLE_MAX - 1).trimEnd()}…`, description: line.slice(0, NOTES_MAX) };
}
