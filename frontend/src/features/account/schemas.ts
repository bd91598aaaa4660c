import * as z from 'zod/mini';

/** zod's small build: the same schemas at a tenth of the size. Limits are Better Auth's. */

export const email = z
  .string()
  .check(
    z.trim(),
    z.minLength(1, 'Enter your email address.'),
    z.maxLength(254, 'That address is too long.'),
    z.email('That doesn’t look like an email address.'),
  );

export const newPassword = z
  .string()
  .check(z.minLength(8, 'Use at least 8 characters.'), z.maxLength(128, 'Use at most 128 characters.'));

export const personName = z
  .string()
  .check(z.trim(), z.minLength(1, 'Enter your name.'), z.maxLength(100, 'Use at most 100 characters.'));
