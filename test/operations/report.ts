import { writeSync } from 'node:fs';

/** Prints a line of figures past Jest, which would hold it back until the suite has ended and frame it. */
export function report(line: string): void {
  writeSync(2, `    ${line}\n`);
}

/** Milliseconds as a person reads them. */
export function ms(value: number): string {
  return value < 10
    ? `${value.toFixed(1)} ms`
    : value < 1000
      ? `${Math.round(value)} ms`
      : `${(value / 1000).toFixed(2)} s`;
}
