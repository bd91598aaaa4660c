import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sections, titleOf } from '../../docs/.vitepress/sidebar.ts';
import { ROOT } from '../../scripts/root.ts';

const OTHERS = /^(\.|bench\/|e2e\/|backend\/|frontend\/|test\/|libs\/[^/]+\/(?!README|CHANGELOG))/;
const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], { cwd: ROOT, encoding: 'utf8' })
  .trim()
  .split('\n');
const listed = sections().flatMap(({ documents }) => documents);

describe('the site of the documents', () => {
  it('lists every document once, and no other', () => {
    expect(listed.toSorted()).toEqual(tracked.filter((path) => !OTHERS.test(path)).toSorted());
  });

  it('calls each by a title of its own', () => {
    for (const path of listed) expect(titleOf(path)).not.toBe(path);
  });

  it('has a reference of every entry point that a library exports', () => {
    const { entryPoints } = JSON.parse(readFileSync(join(ROOT, 'docs/typedoc.json'), 'utf8')) as {
      entryPoints: string[];
    };
    const exported = ['core', 'session-auth', 'user-isolation', 'api-client', 'schematics'].flatMap((name) => {
      const { exports } = JSON.parse(readFileSync(join(ROOT, `libs/${name}/package.json`), 'utf8')) as {
        exports: Record<string, string | { default: string }>;
      };
      return Object.values(exports).flatMap((target) =>
        typeof target === 'string'
          ? []
          : [`../libs/${name}/${target.default.replace('./dist/', 'src/').replace(/\.js$/, '.ts')}`],
      );
    });
    expect(entryPoints.toSorted()).toEqual(exported.toSorted());
    for (const path of entryPoints) expect(existsSync(join(ROOT, 'docs', path))).toBe(true);
  });

  it('is built with what Node 20 and this TypeScript can run', () => {
    const own = JSON.parse(readFileSync(join(ROOT, 'docs/package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    expect(own.dependencies['typescript']).toBe(devDependencies['typescript']);
  });
});
