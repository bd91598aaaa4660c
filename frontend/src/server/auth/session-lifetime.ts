/** Lifetime of a session in seconds: seven days from its last use. */
export const SESSION_SECONDS = 7 * 24 * 60 * 60;
