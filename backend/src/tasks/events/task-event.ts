import { z } from 'zod';

/** One change of a task, as the database announces it: whose, which, and no content. */
const changeSchema = z.object({
  event: z.string(),
  user: z.string(),
  type: z.enum(['created', 'updated', 'deleted']),
  id: z.string(),
  version: z.number(),
});
/** So many changes at once that the list must be read again. */
const resetSchema = z.object({ event: z.string(), user: z.string(), type: z.literal('reset') });
const noticeSchema = z.union([changeSchema, resetSchema]);

export type TaskNotice = z.infer<typeof noticeSchema>;

/** Reads a notice; undefined for anything that is none, since any role may notify. */
export function parseNotice(payload: string): TaskNotice | undefined {
  try {
    return noticeSchema.safeParse(JSON.parse(payload)).data;
  } catch {
    return undefined;
  }
}
