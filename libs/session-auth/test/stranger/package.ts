import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../../../../scripts/root.ts';
import { run } from './run.ts';

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
}

/** The library as npm would publish it. */
export interface Packed {
  readonly tarball: string;
  /** Paths inside the package. */
  readonly files: readonly string[];
  /** Bytes, packed. */
  readonly size: number;
  /** Where the files can be read. */
  readonly directory: string;
  readonly manifest: Manifest;
}

/**
 * Compiles a library beside the repository and packs it, so that a test neither needs nor touches `dist`.
 *
 * @param library its folder below libs/
 * @param core where `@session-guard/core` was compiled to, for a library that stands on it
 */
export async function pack(library: string, directory: string, core?: Packed): Promise<Packed> {
  const sources = join(ROOT, 'libs', library);
  mkdirSync(directory, { recursive: true });
  for (const file of ['package.json', 'README.md', 'CHANGELOG.md']) cpSync(join(sources, file), join(directory, file));
  const config = join(directory, 'tsconfig.json');
  const paths = core ? { '@session-guard/core': [join(core.directory, 'dist/index.d.ts')] } : {};
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(sources, 'tsconfig.build.json'),
      compilerOptions: {
        rootDir: join(sources, 'src'),
        outDir: join(directory, 'dist'),
        paths,
        typeRoots: [join(ROOT, 'node_modules/@types')],
      },
      include: [join(sources, 'src')],
      exclude: [join(sources, '**/*.spec.ts'), join(sources, '**/*.test.ts')],
    }),
  );
  await run(process.execPath, [tsc(), '-p', config], sources);
  const answer = await run('npm', ['pack', '--json'], directory);
  const packed = (JSON.parse(answer) as { filename: string; size: number; files: { path: string }[] }[])[0];
  if (!packed) throw new Error(`npm pack answered ${answer}`);
  return {
    tarball: join(directory, packed.filename),
    files: packed.files.map(({ path }) => path),
    size: packed.size,
    directory,
    manifest: JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest,
  };
}

/** TypeScript's compiler, run as a program: the stranger's project resolves its own types. */
export function tsc(): string {
  return join(ROOT, 'node_modules/typescript/bin/tsc');
}

/** Packages that a compiled file and all it imports load, by static imports and exports. Dynamic ones are apart. */
export function importsOf(
  entry: string,
  seen = new Set<string>(),
): { readonly packages: Set<string>; readonly files: Set<string> } {
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    if (!existsSync(file)) throw new Error(`${file} is imported and doesn't exist.`);
    for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(
      /^(?:import|export)\s+(?:[\w*{}\s,$]+\s+from\s+)?['"]([^'"]+)['"]/gm,
    )) {
      if (specifier.startsWith('.')) visit(join(dirname(file), specifier));
      else if (!specifier.startsWith('node:')) packages.add(packageOf(specifier));
    }
  };
  visit(entry);
  return { packages, files: seen };
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
