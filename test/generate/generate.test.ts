import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyRepository } from './repository.copy.ts';

const FIELDS =
  'body:text title:text(120)? amount:int? weight:number paid:boolean day:date? ' +
  'due:timestamptz? batch_id:uuid? kind:enum(a, b)';

// The resource has a name that no document has: a reader runs this after their own.
describe('a resource from one command, in a copy of the repository', () => {
  let copy: string;

  beforeAll(() => {
    copy = copyRepository();
  });

  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  function run(command: string, ...args: string[]): { status: number | null; output: string } {
    const { JEST_WORKER_ID: _worker, npm_config_fields: _fields, ...environment } = process.env;
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: copy,
      env: environment,
      encoding: 'utf8',
      timeout: 280_000,
    });
    return { status, output: `${stdout}\n${stderr}` };
  }
  const read = (path: string): string => readFileSync(join(copy, path), 'utf8');

  it('flags that npm kept for itself → refused, nothing written', () => {
    const before = read('backend/src/app.module.ts');
    const { status, output } = run('npm', 'run', 'generate', 'resource', 'specimen label', '--fields', FIELDS);
    expect(output).toMatch(/npm kept --fields for itself, nothing was written/);
    expect(status).toBe(1);
    expect(read('backend/src/app.module.ts')).toBe(before);
    expect(existsSync(join(copy, 'backend/src/specimen-labels'))).toBe(false);
  });

  it('--dry-run → says what it would write, and writes nothing', () => {
    const { status, output } = run(
      'npm',
      'run',
      'generate',
      '--',
      'resource',
      'specimen label',
      '--fields',
      FIELDS,
      '--dry-run',
    );
    expect(output).toMatch(/CREATE backend\/src\/specimen-labels\/specimen-label\.entity\.ts/);
    expect(status).toBe(0);
    expect(existsSync(join(copy, 'backend/src/specimen-labels'))).toBe(false);
  });

  it('the resource → in the document and in the typed client', () => {
    const { status, output } = run('npm', 'run', 'generate', '--', 'resource', 'specimen label', '--fields', FIELDS);
    expect(output).toMatch(/The resource is there/);
    expect(status).toBe(0);
    const document = JSON.parse(read('libs/api-client/openapi.json')) as { paths: Record<string, object> };
    expect(Object.keys(document.paths['/api/specimen-labels'] ?? {})).toEqual(['get', 'post']);
    expect(Object.keys(document.paths['/api/specimen-labels/{id}'] ?? {})).toEqual(['get', 'patch', 'delete']);
    expect(read('libs/api-client/src/schema.ts')).toContain('"/api/specimen-labels/{id}"');
  }, 120_000);

  it('a second run → refused, nothing changed', () => {
    const before = read('backend/src/database/migrations/index.ts') + read('backend/src/app.module.ts');
    const { status, output } = run('npm', 'run', 'generate', '--', 'resource', 'specimen label', '--fields', FIELDS);
    expect(output).toMatch(/"specimen label" is there already/);
    expect(status).toBe(1);
    expect(read('backend/src/database/migrations/index.ts') + read('backend/src/app.module.ts')).toBe(before);
  });

  it('types hold without an edit, and the client knows the resource’s', () => {
    writeFileSync(
      join(copy, 'libs/api-client/src/use.ts'),
      `import type { paths } from './schema.ts';
type Created = paths['/api/specimen-labels']['post']['responses'][201]['content']['application/json']['data'];
export const kind = (order: Created): 'a' | 'b' => order.kind;
export const due = (order: Created): string | null => order.due;
`,
    );
    writeFileSync(
      join(copy, 'tsconfig.generated.json'),
      JSON.stringify({
        extends: './tsconfig.json',
        include: ['backend/src', 'backend/test/specimen-labels.test.ts', 'libs/api-client/src'],
        exclude: ['**/*.spec.ts'],
      }),
    );
    const { status, output } = run(
      process.execPath,
      'node_modules/typescript/bin/tsc',
      '-p',
      'tsconfig.generated.json',
      '--noEmit',
    );
    expect(output.trim()).toBe('');
    expect(status).toBe(0);
  }, 180_000);

  it('its tests and the isolation kit pass without an edit', () => {
    const { status, output } = run(
      process.execPath,
      'node_modules/jest/bin/jest.js',
      '--runInBand',
      '--forceExit',
      'backend/test/specimen-labels.test.ts',
      'backend/test/isolation.test.ts',
    );
    expect(output).toMatch(/Tests: +\d+ passed, \d+ total/);
    expect(output).toMatch(/Test Suites: 2 passed, 2 total/);
    expect(status).toBe(0);
  }, 300_000);
});
