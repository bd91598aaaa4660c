import { textRule } from '../http/input/text.validator.ts';
import { TITLE_MAX } from '../tasks/task.limits.ts';

/** A refused value, as in the answer to a task without a title. */
export const REFUSED_TITLE = { pointer: '/title', message: textRule(1, TITLE_MAX) } as const;
