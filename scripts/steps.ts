/** Tells a person, step by step, what is going on and how long it took. */
export interface Steps {
  /** Runs `work`, then prints its name and time. An error is named after the step it happened in. */
  run<T>(name: string, work: () => T | Promise<T>): Promise<T>;
  /** A line that belongs to no step. */
  note(line: string): void;
}

/** Seconds with the precision a person cares about. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** Steps as lines on standard output, such as `✓ Build  12.3 s`. */
export function printedSteps(print: (line: string) => void = console.log): Steps {
  return {
    async run(name, work) {
      const start = performance.now();
      try {
        const result = await work();
        print(`  ✓ ${name.padEnd(44)} ${seconds(performance.now() - start).padStart(7)}`);
        return result;
      } catch (error) {
        print(`  ✗ ${name.padEnd(44)} ${seconds(performance.now() - start).padStart(7)}`);
        throw error;
      }
    },
    note: (line) => print(`    ${line}`),
  };
}

/** For tests and tools that print something of their own. */
export function silentSteps(): Steps {
  return { run: async (_name, work) => work(), note: () => undefined };
}
