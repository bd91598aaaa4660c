import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.ts';
import { type Command, commandsOf, problemOf, walkedDocuments } from './walk/commands.ts';

const documents = walkedDocuments(ROOT);
const commands = documents.flatMap((document) => commandsOf(document, readFileSync(join(ROOT, document), 'utf8')));
const sample = (text: string): Command[] => commandsOf('docs/guides/new.md', text);

describe('npm run walk', () => {
  it('finds the documents, in order, and their commands', () => {
    expect(documents.slice(0, 2)).toEqual(['README.md', 'docs/api.md']);
    expect(documents).toEqual(expect.arrayContaining(['CONTRIBUTING.md', 'libs/session-auth/README.md', 'docs/guides/own-module.md', 'docs/deploy/kubernetes.md']));
    expect(commands.filter(({ document }) => document === 'README.md').slice(0, 2)).toMatchObject([{ text: 'npm ci', stays: false }, { text: 'npm start', stays: true }]);
    expect(commands.filter(({ skipped }) => skipped === undefined).length).toBeGreaterThan(15);
  });

  it('can run each of them, or says why not', () => {
    expect(commands.flatMap((command) => problemOf(command, ROOT) ?? [])).toEqual([]);
  });

  it('refuses a program that not every machine has, until its block says that it is not run', () => {
    const [command] = sample('```sh\nterraform apply\n```');
    expect(problemOf(command!, ROOT)).toMatch(/docs\/guides\/new\.md:2 runs "terraform"/);
    const [declared] = sample('<!-- not run: needs an account -->\n```sh\nterraform apply\n```');
    expect(declared).toMatchObject({ skipped: 'needs an account' });
    expect(problemOf(sample('```sh\nnpm run nonsense\n```')[0]!, ROOT)).toMatch(/no script "nonsense"/);
  });

  it('keeps together what the shell takes as one', () => {
    const text = '```sh\n# A comment.\nA=$(echo "one\ntwo" \\\n  | cat)\nfor i in 1 2; do\n  echo $i\ndone\ncat <<END\nit\'s\nEND\nnpm ci\n```';
    expect(sample(text).map((command) => [command.line, command.text.split('\n').length])).toEqual([[3, 3], [6, 3], [9, 3], [12, 1]]);
  });
});
