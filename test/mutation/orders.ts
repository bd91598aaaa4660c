import { z } from 'zod';

const schema = z.object({
  /** The directory in which the code is changed. */
  tree: z.string(),
  /** Paths below it. */
  specs: z.array(z.string()),
  /** Ids of the changes to try. */
  mutants: z.array(z.string()),
  /** A file for {@link Line}s. */
  results: z.string(),
});
const line = z.object({ mutant: z.string(), outcome: z.enum(['begun', 'noticed', 'missed', 'no test']) });

/** What the process that tries changes is told, in `MUTATION_ORDERS`. */
export type Orders = z.infer<typeof schema>;
/** What it says of a change: that it begins with it, and how that ended. */
export type Line = z.infer<typeof line>;

/** @throws ZodError when they are missing */
export function ordersOf(env: NodeJS.ProcessEnv): Orders {
  return schema.parse(JSON.parse(env['MUTATION_ORDERS'] ?? 'null'));
}

/** Every whole line of the file. */
export function linesOf(text: string): Line[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((each) => line.parse(JSON.parse(each)));
}
