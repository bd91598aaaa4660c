import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { FIELD_TYPES, type FieldType } from '../../libs/schematics/src/resource/fields.ts';
import { planResource, type Project } from '../../libs/schematics/src/index.ts';
import { copyRepository } from './repository.copy.ts';

const spelled = (type: FieldType): string => (type === 'enum' ? 'enum(a,b)' : type);
const all = (mark: (index: number) => string): string =>
  FIELD_TYPES.map((type, index) => `f${index}:${spelled(type)}${mark(index)}`).join(' ');

/** Each type alone, required and nullable, then all: each import and function is needed somewhere, not everywhere. */
const RESOURCES: readonly (readonly [name: string, fields: string])[] = [
  ...FIELD_TYPES.flatMap((type) => [
    [`${type} only label`, `value:${spelled(type)}`] as const,
    [`${type} maybe label`, `value:${spelled(type)}?`] as const,
  ]),
  ['required label', all(() => '')],
  ['nullable label', all(() => '?')],
  ['mixed label', all((index) => (index % 2 === 0 ? '' : '?'))],
  [
    'oddly named label',
    'values:timestamptz row:timestamptz? query:text changes:int page:enum(a-b) max:text result:boolean',
  ],
];

describe('generated resources of every combination of field types', () => {
  let copy: string;

  beforeAll(() => {
    copy = copyRepository();
    for (const [name, fields] of RESOURCES) {
      for (const { path, content } of planResource({ name, fields }, projectIn(copy))) {
        mkdirSync(dirname(join(copy, path)), { recursive: true });
        writeFileSync(join(copy, path), content);
      }
    }
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  const run = (program: string, ...args: string[]): string => {
    const { stdout, stderr } = spawnSync(process.execPath, [`node_modules/${program}`, ...args], {
      cwd: copy,
      encoding: 'utf8',
    });
    return `${stdout}${stderr}`.trim();
  };
  const folders = (): string[] =>
    readdirSync(join(copy, 'backend/src'))
      .filter((name) => name.endsWith('-labels'))
      .map((name) => `backend/src/${name}`);
  const tests = (): string[] =>
    readdirSync(join(copy, 'backend/test'))
      .filter((name) => name.endsWith('-labels.test.ts'))
      .map((name) => `backend/test/${name}`);

  it('are without a warning of the linter', () => {
    expect(folders()).toHaveLength(RESOURCES.length);
    const output = run(
      'oxlint/bin/oxlint',
      '--type-aware',
      '--deny-warnings',
      ...folders(),
      ...tests(),
      'backend/src/database/migrations',
      'backend/src/app.module.ts',
    );
    expect(output).toMatch(/Found 0 warnings and 0 errors/);
  });

  it('compile', () => {
    const config = { extends: './tsconfig.json', include: ['backend/src', ...tests()], exclude: ['**/*.spec.ts'] };
    writeFileSync(join(copy, 'tsconfig.generated.json'), JSON.stringify(config));
    expect(run('typescript/bin/tsc', '-p', 'tsconfig.generated.json', '--noEmit')).toBe('');
  }, 600_000);
});

function projectIn(root: string): Project {
  return {
    read: (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined),
    list: (folder) =>
      existsSync(join(root, folder))
        ? readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => relative(root, join(entry.parentPath, entry.name)))
        : [],
  };
}
