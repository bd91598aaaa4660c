import { hash } from 'node:crypto';

/** SHA-256 in base64, 44 characters: what memory and the revocation channel know instead of credentials and ids. */
export function digest(value: string): string {
  return hash('sha256', value, 'base64');
}
