import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { ROOT } from '../../scripts/root.ts';
import { sections, titleOf } from './sidebar.ts';

const DOCS = join(ROOT, 'docs');
const START = 'docs/README.md';

const page = (path: string): string => `/${path.replace(/\.md$/, '')}`;
const pages = new Set(sections().flatMap(({ documents }) => documents));

/** What TypeDoc wrote, a page for each entry of a library. */
const reference = (folder = 'docs/reference'): string[] =>
  existsSync(join(ROOT, folder))
    ? readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory()
          ? reference(`${folder}/${entry.name}`)
          : entry.name.endsWith('.md')
            ? [`${folder}/${entry.name}`]
            : [],
      )
    : [];

interface Token {
  type: string;
  children: Token[] | null;
  attrGet(name: string): string | null;
}
interface Markdown {
  core: {
    ruler: { push(name: string, rule: (state: { env: { relativePath?: string }; tokens: Token[] }) => void): void };
  };
}

/** A link to a source file leads nowhere on the site: its text stays, without the link. */
function plainSourceLinks(markdown: Markdown): void {
  markdown.core.ruler.push('plain-source-links', ({ env, tokens }) => {
    for (const token of tokens) {
      const kept: Token[] = [];
      let dropped = false;
      for (const child of token.children ?? []) {
        if (child.type === 'link_open') {
          const [path = ''] = (child.attrGet('href') ?? '').split('#');
          const target = posix.join(posix.dirname(env.relativePath ?? ''), decodeURI(path));
          dropped =
            path !== '' && !/^[a-z]+:/.test(path) && !pages.has(target) && !target.startsWith('docs/reference/');
          if (dropped) continue;
        }
        if (child.type === 'link_close' && dropped) {
          dropped = false;
          continue;
        }
        kept.push(child);
      }
      if (token.children !== null) token.children = kept;
    }
  });
}

/** VitePress's configuration. */
export default {
  title: 'Session Guard',
  description: 'A NestJS API that trusts Better Auth through the PostgreSQL database both share.',
  lang: 'en',
  srcDir: ROOT,
  outDir: join(DOCS, '.site'),
  cacheDir: join(DOCS, '.vitepress/cache'),
  // Only what the sidebar names, and the reference: the repository has other Markdown, in packages and results.
  srcExclude: [
    '**/node_modules/**',
    '**/dist/**',
    '.github/**',
    '.data/**',
    '.changeset/**',
    'bench/**',
    'frontend/**',
    'backend/**',
    'e2e/**',
    'test/**',
    'test-results/**',
    'docs/.site/**',
    'libs/*/test/**',
  ],
  lastUpdated: false,
  // Whatever leads to a page is checked by test/docs/documents.spec.ts; the rest was made plain text.
  ignoreDeadLinks: true,
  markdown: { config: plainSourceLinks },
  vite: { publicDir: false },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Start', link: page(START) },
      { text: 'Guides', link: page('docs/guides/own-module.md') },
      { text: 'Reference', link: page('docs/reference/README.md') },
      { text: 'Security', link: page('docs/security-model.md') },
    ],
    sidebar: [
      ...sections().map(({ title, documents }) => ({
        text: title,
        collapsed: title === 'Decisions',
        items: documents.map((path) => ({ text: titleOf(path), link: page(path) })),
      })),
      { text: 'Reference', items: reference().map((path) => ({ text: titleOf(path), link: page(path) })) },
    ],
  },
  buildEnd({ outDir }: { outDir: string }): void {
    const start = `${page(START).slice(1)}.html`;
    writeFileSync(
      join(outDir, 'index.html'),
      `<!doctype html><meta http-equiv="refresh" content="0; url=${start}"><a href="${start}">Session Guard</a>\n`,
    );
  },
};
