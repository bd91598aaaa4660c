/** Characters of an `Idempotency-Key`. */
export const KEY_MAX_LENGTH = 255;

/** Visible ASCII characters. */
export const KEY_PATTERN = String.raw`^[\x21-\x7E]{1,${KEY_MAX_LENGTH}}$`;

/** Hours an answer is kept for its copies. */
export const KEPT_HOURS = 24;
