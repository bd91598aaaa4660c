import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/root.ts';

/** A heading of the sidebar and the documents below it, as paths from the repository's root. */
export interface Section {
  readonly title: string;
  readonly documents: readonly string[];
}

const inFolder = (folder: string, first: readonly string[] = []): string[] => {
  const all = readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .toSorted();
  return [...first, ...all.filter((name) => !first.includes(name))].map((name) => `${folder}/${name}`);
};

/** Every document, in the order in which somebody new would read. What no section names comes last. */
export function sections(): Section[] {
  const ordered: Section[] = [
    { title: 'Start', documents: ['docs/README.md', 'README.md', 'docs/architecture.md'] },
    { title: 'Guides', documents: inFolder('docs/guides', ['own-module.md']) },
    { title: 'The API', documents: ['docs/api.md'] },
    {
      title: 'Libraries',
      documents: ['core', 'session-auth', 'user-isolation', 'api-client', 'schematics'].flatMap((name) => [
        `libs/${name}/README.md`,
        `libs/${name}/CHANGELOG.md`,
      ]),
    },
    {
      title: 'Deploy',
      documents: inFolder('docs/deploy', [
        'one-server.md',
        'containers.md',
        'kubernetes.md',
        'managed-postgresql.md',
        'sizing.md',
      ]),
    },
    { title: 'Operations', documents: inFolder('docs/operations') },
    { title: 'Security', documents: ['docs/security-model.md', 'SECURITY.md'] },
    { title: 'Comparison', documents: ['docs/comparison.md'] },
    { title: 'Decisions', documents: inFolder('docs/decisions') },
    { title: 'Project', documents: ['CONTRIBUTING.md', 'docs/release-checklist.md', 'CHANGELOG.md'] },
  ];
  const named = new Set(ordered.flatMap(({ documents }) => documents));
  const rest = inFolder('docs').filter((path) => !named.has(path));
  return rest.length === 0 ? ordered : [...ordered, { title: 'More', documents: rest }];
}

/** A document's first heading. */
export function titleOf(path: string): string {
  return /^# +(.+)$/m.exec(readFileSync(join(ROOT, path), 'utf8'))?.[1]?.replaceAll('`', '') ?? path;
}
