import { z } from 'zod';

/** One change of a task, as the database announces it: whose, which, and no content. */
/** Ids of ours are shorter; of what others announce nothing long is kept. */
const name = z.string().max(255);
const eventId = z.string().max(64);
const changeSchema = z.object({
  event: eventId,
  user: name,
  type: z.enum(['created', 'updated', 'deleted']),
  id: name,
  version: z.number(),
});
/** So many changes at once that the list must be read again. */
const resetSchema = z.object({ event: eventId, user: name, type: z.literal('reset') });
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
