/** A fenced block of a Markdown document. */
export interface Block {
  /** `sh`, `ts`, … */
  readonly language: string;
  /** What follows the language on the fence, such as `complete`. */
  readonly info: string;
  /** Without the fence and its indentation. */
  readonly code: string;
  /** Of its first line of code, counted from 1. */
  readonly line: number;
  /** The text of the last comment between the block before it and this one: `<!-- … -->`. */
  readonly comment: string | undefined;
  /** The one it stands under, if any. */
  readonly heading: string | undefined;
}

/** Every fenced block of a document, in order. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let open:
    { fence: string; indentation: number; language: string; info: string; lines: string[]; line: number } | undefined;
  let comment: string | undefined;
  let heading: string | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (open === undefined) {
      const [, indentation = '', fence = '', language = '', info = ''] =
        /^( *)(`{3,})([\w-]*) *(.*?)\s*$/.exec(line) ?? [];
      if (fence !== '') open = { fence, indentation: indentation.length, language, info, lines: [], line: index + 2 };
      else comment = /^\s*<!--\s*(.*?)\s*-->\s*$/.exec(line)?.[1] ?? comment;
      heading = /^#+ +(.+)/.exec(line)?.[1] ?? heading;
    } else if (line.trim() === open.fence) {
      const { language, info, lines, line: start, indentation } = open;
      blocks.push({
        language,
        info,
        line: start,
        comment,
        heading,
        code: lines.map((one) => one.slice(Math.min(indentation, one.length - one.trimStart().length))).join('\n'),
      });
      open = undefined;
      comment = undefined;
    } else open.lines.push(line);
  }
  return blocks;
}

/** A document without its fenced blocks. */
export function withoutBlocks(text: string): string {
  return text.replaceAll(/^( *)(`{3,})[^`\n]*\n[\s\S]*?^ *\2 *$/gm, '');
}

/** The anchors of a document's headings, as GitHub makes them. */
export function anchorsOf(text: string): string[] {
  const seen = new Map<string, number>();
  return [...withoutBlocks(text).matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading = '']) => {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]/g, '');
    const anchor = plain
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{M}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${times}`;
  });
}

/** The targets of a document's links to files and headings of the repository. */
export function linksOf(text: string): { path: string; anchor: string | undefined }[] {
  return [
    ...withoutBlocks(text)
      .replaceAll(/`[^`\n]*`/g, '')
      .matchAll(/\]\((?!https?:|mailto:)([^)\s#]*)(?:#([^)\s]+))?\)/g),
  ].map(([, path = '', anchor]) => ({ path, anchor }));
}
