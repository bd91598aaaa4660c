/**
 * Type-checks sources that are in no file, such as samples of the documents: reads `{ "name.ts": "source" }` from
 * standard input and prints a JSON list of what is wrong. A program of its own, because the compiler is slow to load
 * where everything it loads is compiled first, as in Jest.
 *
 *   echo '{"a.ts":"const a: string = 1;"}' | node --import tsx test/type-check.ts
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { runAsProgram } from '../scripts/program.ts';
import { ROOT } from '../scripts/root.ts';

/** Where the sources seem to lie: packages are found from the repository's root. */
const FOLDER = join(ROOT, 'test');

/** What the compiler says of `sources`, as `name:line message`. */
function problemsOf(sources: Readonly<Record<string, string>>): string[] {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(ROOT, 'tsconfig.json'),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  const options: ts.CompilerOptions = {
    ...config?.options,
    noEmit: true,
    incremental: false,
    composite: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    skipLibCheck: true,
  };
  options.paths = { ...options.paths, '@session-guard/schematics': ['./libs/schematics/src/index.ts'] };
  const files = new Map(Object.entries(sources).map(([name, text]) => [join(FOLDER, name), text]));
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (path) => files.has(path) || disk.fileExists(path),
    readFile: (path) => files.get(path) ?? disk.readFile(path),
    getSourceFile: (path, ...rest) => {
      const text = files.get(path);
      return text === undefined
        ? disk.getSourceFile(path, ...rest)
        : ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
    },
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((path) => {
    const file = program.getSourceFile(path);
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map(({ messageText, start = 0 }) => {
      const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
      return `${path.slice(FOLDER.length + 1)}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  });
}

runAsProgram(import.meta.url, async () => {
  console.log(JSON.stringify(problemsOf(JSON.parse(readFileSync(0, 'utf8')) as Record<string, string>)));
});
