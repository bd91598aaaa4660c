import { createRequire } from 'node:module';

/** Prints what the applications say, once the table of addresses has been shown. */
export interface OutputPrinter {
  print(name: 'web' | 'api', lines: string): void;
  /** From now on lines are printed; those before were only about starting. */
  open(): void;
}

/** In a terminal the API's JSON lines are made readable; in a file or a pipe they stay JSON. */
export function outputPrinter(): OutputPrinter {
  const readable = process.stdout.isTTY ? prettifier() : (line: string) => line;
  const label = (name: string, line: string): string => `${name} │ ${readable(line.trimEnd())}\n`;
  let open = false;
  return {
    print(name, lines) {
      if (!open) return;
      process.stdout.write(process.stdout.isTTY ? lines.replace(/.*\n/g, (line) => label(name, line)) : lines);
    },
    open() {
      open = true;
    },
  };
}

function prettifier(): (line: string) => string {
  // Of the API's own dependencies; CommonJS.
  const require = createRequire(new URL('../backend/package.json', import.meta.url));
  const { prettyFactory } = require('pino-pretty') as { prettyFactory: (options: object) => (line: string) => string };
  const pretty = prettyFactory({
    colorize: true,
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
    ignore: 'pid,hostname',
  });
  return (line) => (line.startsWith('{') ? pretty(line).trimEnd() : line);
}
