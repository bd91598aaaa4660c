import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository: scripts work from any directory. */
export const ROOT = resolve(join(dirname(fileURLToPath(import.meta.url)), '..'));
