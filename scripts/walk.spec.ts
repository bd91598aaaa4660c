import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.ts';
import { type Command, commandsOf, type Means, problemOf, walkedDocuments } from './walk/commands.ts';
import { typed } from './walk/typed.ts';

const documents = walkedDocuments(ROOT);
const ALL: Means = { all: true, kubectl: true, machine: 'there' };
const commands = documents.flatMap((document) => commandsOf(document, readFileSync(join(ROOT, document), 'utf8'), ALL));
const sample = (text: string, means?: Means): Command[] => commandsOf('docs/guides/new.md', text, means);

describe('npm run walk', () => {
  it('finds the documents, in order, and their commands', () => {
    expect(documents.slice(0, 2)).toEqual(['README.md', 'docs/api.md']);
    expect(documents).toEqual(
      expect.arrayContaining([
        'CONTRIBUTING.md',
        'libs/session-auth/README.md',
        'docs/guides/own-module.md',
        'docs/deploy/kubernetes.md',
      ]),
    );
    expect(commands.filter(({ document }) => document === 'README.md').slice(0, 2)).toMatchObject([
      { text: 'npm ci', way: { kind: 'shell' } },
      { text: 'npm start', way: { kind: 'stays' } },
    ]);
  });

  it('can follow each of them, or says why not', () => {
    expect(commands.flatMap((command) => problemOf(command, ROOT) ?? [])).toEqual([]);
  });

  it('never runs, with all means, but what needs a container engine or a cluster', () => {
    const reasons = commands.flatMap(({ text, way }) =>
      way.kind === 'never' ? [`${text.split(/\n|;/)[0]}: ${way.why}`] : [],
    );
    expect(reasons).toEqual([
      'npm run walk: is this program',
      'docker compose up --build: needs a container engine',
      'for target in api web migrate: needs a container engine',
      'kubectl -n session-guard delete job migrate --ignore-not-found: needs a cluster',
      'kubectl -n session-guard wait --for=condition=complete job/migrate --timeout=10m: needs a cluster',
      'kubectl -n session-guard rollout status deployment/api deployment/web --timeout=5m: needs a cluster',
    ]);
  });

  it('decides for each command of a block', () => {
    const [secrets, compose] = sample('```sh\nsh docker/make-secrets.sh\ndocker compose up\n```');
    expect([secrets?.way.kind, compose?.way.kind]).toEqual(['shell', 'never']);
  });

  it('without a cluster, has kubectl make the objects and build the manifests', () => {
    const text =
      '```sh\nkubectl -n a create secret generic b --from-literal=c=d\nkubectl apply -k deploy/kubernetes/base -l e=f\nkubectl delete job g\n```';
    expect(sample(text, ALL).map(({ way }) => way)).toEqual([
      { kind: 'client', text: 'kubectl -n a create secret generic b --from-literal=c=d --dry-run=client -o yaml' },
      { kind: 'client', text: 'kubectl kustomize deploy/kubernetes/base' },
      { kind: 'never', why: 'needs a cluster' },
    ]);
    expect(sample(text).map(({ way }) => ('why' in way ? way.why : way.kind))).toEqual([
      'needs kubectl',
      'needs kubectl',
      'needs a cluster',
    ]);
  });

  it('refuses a program that not every machine has, until its block says that it is not run', () => {
    const [command] = sample('```sh\nterraform apply\n```');
    expect(problemOf(command!, ROOT)).toMatch(/docs\/guides\/new\.md:2 runs "terraform"/);
    const [declared] = sample('<!-- not run: needs an account -->\n```sh\nterraform apply\n```');
    expect(declared).toMatchObject({ way: { kind: 'never', why: 'needs an account' } });
  });

  it.each([
    ['npm run nonsense', /no script "nonsense"/],
    ['sh docker/nonsense.sh', /there is no docker\/nonsense\.sh/],
    ['kubectl apply -k deploy/kubernetes/overlays/nonsense', /there is no deploy\/kubernetes\/overlays\/nonsense/],
    ['for target in api nonsense; do\n  docker build --target $target .\ndone', /has no target "nonsense"/],
  ])('refuses what names something that is not there: %s', (text, problem) => {
    expect(problemOf(sample(`\`\`\`sh\n${text}\n\`\`\``)[0]!, ROOT)).toMatch(problem);
  });

  it('types what a document leaves to its reader, and leaves nothing open', () => {
    const service = { host: 'localhost:1', password: 'a b', authority: '/ca.pem' };
    const places = { web: 1, api: 2, secondWeb: 3, secondApi: 4, scratch: '/scratch', service };
    expect(typed("A='postgres://owner:PASSWORD@db.example.com:5432/b?sslmode=verify-full'", places)).toBe(
      "A='postgres://owner:a%20b@localhost:1/b?sslmode=verify-full&sslrootcert=/ca.pem'",
    );
    expect(typed('DATA_DIR=/tmp/rehearsal WEB_PORT=3100 API_PORT=4100 npm start', places)).toBe(
      'DATA_DIR=/scratch/rehearsal WEB_PORT=3 API_PORT=4 npm start',
    );
    expect(sample('```sh\necho <something>\n```')[0]).toMatchObject({
      way: { kind: 'never', why: 'has a placeholder' },
    });
  });

  it('keeps together what the shell takes as one', () => {
    const text =
      '```sh\n# A comment.\nA=$(echo "one\ntwo" \\\n  | cat)\nfor i in 1 2; do\n  echo $i\ndone\ncat <<END\nit\'s\nEND\nnpm ci\n```';
    expect(sample(text).map((command) => [command.line, command.text.split('\n').length])).toEqual([
      [3, 3],
      [6, 3],
      [9, 3],
      [12, 1],
    ]);
    // To the shell, what a document leaves open would be redirections.
    expect(sample('```sh\ngit worktree add ../before <tag>\nnpm start\n```').map(({ way }) => way.kind)).toEqual([
      'shell',
      'stays',
    ]);
  });
});
