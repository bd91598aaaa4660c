import { APIError } from 'better-auth/api';
import type { BetterAuthOptions } from 'better-auth';
import { cutText, TEXT_LIMITS } from './text-limits.ts';

type Fields = Record<string, unknown>;
type Rule = (value: string, name: string) => string | null;

const cut =
  (limit: number): Rule =>
  (value) =>
    cutText(value, limit);
const drop =
  (limit: number): Rule =>
  (value) =>
    value.length > limit ? null : value.replaceAll('\0', '');
/** Shortened, it would name somebody else. */
const refuse =
  (limit: number): Rule =>
  (value, name) => {
    if (value.length <= limit && !value.includes('\0')) return value;
    throw new APIError('BAD_REQUEST', { code: 'VALUE_TOO_LONG', message: `${name} may have ${limit} characters.` });
  };

/** Bytes that a provider's token may have; none is needed after signing in. */
const TOKEN_LIMIT = 16_384;

const USER: Record<string, Rule> = {
  name: cut(TEXT_LIMITS['name'] ?? 0),
  image: drop(TEXT_LIMITS['image'] ?? 0),
  email: refuse(TEXT_LIMITS['email'] ?? 0),
  banReason: cut(TEXT_LIMITS['banReason'] ?? 0),
};
const SESSION: Record<string, Rule> = { userAgent: cut(512), ipAddress: cut(45) };
const ACCOUNT: Record<string, Rule> = {
  accountId: refuse(255),
  providerId: refuse(100),
  scope: cut(1_000),
  accessToken: drop(TOKEN_LIMIT),
  refreshToken: drop(TOKEN_LIMIT),
  idToken: drop(TOKEN_LIMIT),
};
/** What an OAuth flow carries along: addresses to return to, and whatever the client adds. */
const VERIFICATION: Record<string, Rule> = { identifier: refuse(512), value: refuse(8_192) };

/** The strings of a row as they are stored. */
export function limitTexts(rules: Record<string, Rule>, row: Fields): Fields {
  const texts = Object.entries(row).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[0] in rules,
  );
  return Object.fromEntries(texts.map(([name, value]) => [name, rules[name]?.(value, name) ?? null]));
}

const hook = (rules: Record<string, Rule>) => ({
  before: (row: Fields) => Promise.resolve({ data: limitTexts(rules, row) }),
});

/**
 * The last word on the length of what is stored, whoever it comes from: a provider's profile is cut where a person's
 * own form would have been refused.
 */
export const storedTexts = {
  user: { create: hook(USER), update: hook(USER) },
  session: { create: hook(SESSION), update: hook(SESSION) },
  account: { create: hook(ACCOUNT), update: hook(ACCOUNT) },
  verification: { create: hook(VERIFICATION), update: hook(VERIFICATION) },
} satisfies NonNullable<BetterAuthOptions['databaseHooks']>;
