import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, watch, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { ROOT } from './root.ts';

/** What the API's process loads, in the order of their imports. */
const PROJECTS = ['libs/core', 'libs/session-auth', 'libs/user-isolation', 'libs/api-client', 'backend'];
const NOT_COMPILED = /\.(spec|test|d)\.ts$/;
const SETTLE_MS = 100;

let options: ts.CompilerOptions | undefined;

/** Compiles every source that is newer than what it was compiled to. No type check: about a second for everything. */
export function transpile(): void {
  for (const project of PROJECTS) {
    for (const source of sourcesBelow(join(ROOT, project, 'src'))) {
      const output = outputOf(source);
      if (!existsSync(output) || statSync(output).mtimeMs < statSync(source).mtimeMs) transpileFile(source);
    }
  }
  // What lies in dist is no longer what the last build wrote.
  rmSync(join(ROOT, 'backend/dist/.stamp'), { force: true });
}

/**
 * Compiles sources as they change, then tells of one of them. Changes within a tenth of a second are one.
 * @returns a function that ends the watch.
 */
export function watchSources(onChange: (file: string) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const changed = new Set<string>();
  const settle = (): void => {
    const files = [...changed];
    changed.clear();
    for (const file of files) {
      if (existsSync(file)) transpileFile(file);
      else rmSync(outputOf(file), { force: true });
    }
    const [first] = files;
    if (first !== undefined) onChange(relative(ROOT, first));
  };
  const watchers = PROJECTS.map((project) => {
    const directory = join(ROOT, project, 'src');
    return watch(directory, { recursive: true }, (_event, name) => {
      if (name === null || !name.endsWith('.ts') || NOT_COMPILED.test(name)) return;
      changed.add(join(directory, name));
      clearTimeout(timer);
      timer = setTimeout(settle, SETTLE_MS);
    });
  });
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}

/** One file as Node runs it: an ES module, with the metadata that Nest injects by. */
export function compile(text: string, fileName: string): ts.TranspileOutput {
  return ts.transpileModule(text, { compilerOptions: compilerOptions(), fileName });
}

function transpileFile(source: string): void {
  const { outputText, sourceMapText } = compile(readFileSync(source, 'utf8'), source);
  const output = outputOf(source);
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, outputText);
  if (sourceMapText !== undefined) writeFileSync(`${output}.map`, sourceMapText);
}

function outputOf(source: string): string {
  return source.replace(/([\\/])src([\\/])/, '$1dist$2').replace(/\.ts$/, '.js');
}

function compilerOptions(): ts.CompilerOptions {
  if (options !== undefined) return options;
  const file = join(ROOT, 'tsconfig.base.json');
  const { config } = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as { config: object };
  const parsed = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, ROOT);
  // A single file doesn't know of its package.json's "type": without this it would become CommonJS.
  options = { ...parsed.options, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
  return options;
}

function sourcesBelow(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !NOT_COMPILED.test(name))
    .map((name) => join(directory, name));
}
