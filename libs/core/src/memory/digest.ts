import { hash } from 'node:crypto';

/**
 * SHA-256 as a latin1 string of 32 characters, used as a map key in place of tokens and ids. Not for printing; base64
 * would take half as much room again.
 */
export function digest(value: string): string {
  return hash('sha256', value, 'binary');
}
