import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../scripts/root.ts';
import { PRELUDE, scriptOf, walkedDocuments } from './walk.ts';

const PLACES = { web: 1, api: 2, secondWeb: 3, secondApi: 4, scratch: '/scratch' };
const block = (...lines: string[]): string => ['# A page', '', '```sh run', ...lines, '```', 'Text.'].join('\n');

describe('npm run walk', () => {
  it('begins with the README, and leaves what writes files for later', () => {
    const documents = walkedDocuments(ROOT);
    expect(documents[0]).toBe('README.md');
    expect(documents).toEqual(expect.arrayContaining(['docs/api.md', 'docs/operations/backup.md']));
    expect(documents.indexOf('docs/guides/own-module.md')).toBeGreaterThan(
      documents.indexOf('libs/schematics/README.md'),
    );
  });

  it('keeps each command on its line, and leaves out what is not marked', () => {
    const text = `${block('npm ci', 'echo "a', 'b"')}\n\`\`\`sh\nterraform apply\n\`\`\``;
    const lines = scriptOf(text, PLACES).split('\n');
    expect(lines.slice(3, 6)).toEqual(['npm ci', 'echo "a', 'b"']);
    expect(lines.filter((line) => line !== '')).toHaveLength(3);
  });

  it('types what stands for ports and folders, and starts in the background what stays', () => {
    const text = block('DATA_DIR=/tmp/rehearsal WEB_PORT=3100 API_PORT=4100 npm start', 'curl http://localhost:3000');
    expect(scriptOf(text, PLACES)).toContain(
      'stays DATA_DIR=/scratch/rehearsal WEB_PORT=3 API_PORT=4 npm start\ncurl http://localhost:1\n',
    );
  });

  describe('in bash', () => {
    let scratch: string;

    beforeEach(() => {
      scratch = mkdtempSync(join(tmpdir(), 'session-guard-walk-test-'));
    });
    afterEach(() => rmSync(scratch, { recursive: true }));

    const follow = (text: string): { status: number | null; stdout: string } => {
      const file = join(scratch, 'page.sh');
      writeFileSync(file, scriptOf(text, PLACES));
      return spawnSync('bash', ['--noprofile', '--norc', '-c', `${PRELUDE}\nfollow page.md '${file}'`], {
        env: { PATH: process.env['PATH'], CLONE: scratch, SCRATCH: scratch, WEB_PORT: '1', API_PORT: '2' },
        encoding: 'utf8',
      });
    };

    it('what can be followed → 0', () => {
      expect(follow(block('A=1 B=$(echo two)', 'test "$B" = two'))).toMatchObject({ status: 0 });
    });

    it('a command that fails → its document and line', () => {
      const { status, stdout } = follow(block('true', 'cat nowhere', 'echo on'));
      expect(status).not.toBe(0);
      expect(stdout).toMatch(/^page\.md:5 failed: cat nowhere/m);
      expect(stdout).not.toMatch(/^on$/m);
    });

    it('a variable without a value → its name', () => {
      const { status, stdout } = follow(block('TOKEN=$(node -p undefined)'));
      expect(status).not.toBe(0);
      expect(stdout).toContain('TOKEN has no value');
    });

    it('what stays and never answers → what it said', () => {
      const { status, stdout } = follow(block('npm start'));
      expect(status).not.toBe(0);
      expect(stdout).toMatch(/package\.json/);
    });
  });
});
