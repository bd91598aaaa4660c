import { z } from 'zod';
import { readFiles } from './env.files.ts';

/**
 * The only reader of `process.env` in the web application.
 *
 * Values are read when the server starts, never when it is built, so one build serves every environment.
 * A wrong or missing value stops the start with the list of keys and what to do; the value itself is never printed.
 */

const KNOWN_SECRETS = new Set(['better-auth-secret-12345678901234567890', 'better-auth-secret-123456789']);

const empty = (value: unknown) => (value === '' ? undefined : value);
const optional = z.preprocess(empty, z.string().optional());

/** `true` or `false`; nothing else, so that a typing error is no decision. */
const flag = z
  .preprocess(empty, z.enum(['true', 'false'], { error: 'must be true or false' }).default('false'))
  .transform((value) => value === 'true');

const port = (fallback: number) =>
  z.preprocess(
    empty,
    z.coerce
      .number({ error: 'must be a port number' })
      .int('must be a port number')
      .min(1, 'must be a port number')
      .max(65_535, 'must be a port number')
      .default(fallback),
  );

const origin = z.preprocess(
  empty,
  z
    .url({ protocol: /^https?$/, error: 'must be an http(s) address such as https://app.example.com' })
    .transform((value) => value.replace(/\/+$/, ''))
    .optional(),
);

const secret = z
  .string()
  .min(32, 'must have at least 32 characters; make one with: openssl rand -base64 32')
  .refine((value) => !KNOWN_SECRETS.has(value), 'is a published default; make one with: openssl rand -base64 32')
  .refine((value) => new Set(value).size >= 8, 'has too little variety; make one with: openssl rand -base64 32');

/** `2:new,1:old`: the first entry signs, the others only read what was written before a rotation. */
const secrets = z.string().transform((value, context) => {
  const entries = value.split(',').map((entry) => {
    const [, version, text] = /^\s*(\d+):(.+?)\s*$/.exec(entry) ?? [];
    const parsed = secret.safeParse(text);
    if (!version || !parsed.success) {
      context.addIssue({
        code: 'custom',
        message: 'must look like 2:<secret>,1:<older secret>, each secret of at least 32 characters',
      });
      return z.NEVER;
    }
    return { version: Number(version), value: parsed.data };
  });
  return entries;
});

/** Names for ranges, the same as the API's. */
const RANGES: Record<string, string[]> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

const addresses = z.preprocess(
  empty,
  z
    .string()
    .default('')
    .transform((value) =>
      value
        .split(',')
        .map((entry) => entry.trim())
        .filter(Boolean)
        .flatMap((entry) => RANGES[entry] ?? [entry]),
    )
    .pipe(
      z.array(
        z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
          error:
            'must be a comma-separated list of addresses or ranges, such as 10.0.0.0/8, or loopback, linklocal, ' +
            'uniquelocal',
        }),
      ),
    ),
);

const schema = z.object({
  NODE_ENV: z.preprocess(empty, z.enum(['development', 'production', 'test']).default('development')),
  WEB_PORT: port(3000),
  API_PORT: port(4000),
  DATA_DIR: z.preprocess(empty, z.string().default('.data')),
  DATABASE_URL: z.preprocess(
    empty,
    z
      .string({ error: 'is missing; `npm start` sets it, otherwise point it at PostgreSQL' })
      .regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://'),
  ),
  BETTER_AUTH_SECRET: z.preprocess(empty, secret.optional()),
  BETTER_AUTH_SECRETS: z.preprocess(empty, secrets.optional()),
  BETTER_AUTH_URL: origin,
  NEXT_PUBLIC_BETTER_AUTH_URL: origin,
  NEXT_PUBLIC_API_BASE_URL: origin,
  API_INTERNAL_URL: origin,
  TRUSTED_PROXIES: addresses,
  REQUIRE_EMAIL_VERIFICATION: flag,
  OTEL_EXPORTER_OTLP_ENDPOINT: origin,
  SMTP_URL: z.preprocess(
    empty,
    z
      .string()
      .regex(/^smtps?:\/\//, 'must start with smtp:// or smtps://')
      .optional(),
  ),
  MAIL_FROM: z.preprocess(empty, z.string().default('Session Guard <no-reply@localhost>')),
  GITHUB_CLIENT_ID: optional,
  GITHUB_CLIENT_SECRET: optional,
  GOOGLE_CLIENT_ID: optional,
  GOOGLE_CLIENT_SECRET: optional,
  OIDC_ISSUER: origin,
  OIDC_CLIENT_ID: optional,
  OIDC_CLIENT_SECRET: optional,
});

type Source = Readonly<Record<string, string | undefined>>;

/** What only several variables together can get wrong: one without the other, or neither of two. */
function together(source: Source): string[] {
  const problems: string[] = [];
  if (!source['BETTER_AUTH_SECRET'] && !source['BETTER_AUTH_SECRETS']) {
    problems.push('BETTER_AUTH_SECRET is missing; make one with: openssl rand -base64 32');
  }
  for (const [id, other] of [
    ['GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET'],
    ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'],
    ['OIDC_ISSUER', 'OIDC_CLIENT_ID'],
  ] as const) {
    if (Boolean(source[id]) === Boolean(source[other])) continue;
    problems.push(source[id] ? `${other} is missing beside ${id}` : `${id} is missing beside ${other}`);
  }
  return problems;
}

/** An OAuth client registered with a provider. */
export interface OAuthClient {
  clientId: string;
  clientSecret: string;
}

/** What the web application is told from outside, parsed. */
export interface Env {
  production: boolean;
  dataDir: string;
  databaseUrl: string;
  /** Present unless only `secrets` is. */
  secret: string | undefined;
  secrets: { version: number; value: string }[] | undefined;
  /** Where the browser finds this application; decides cookies, issuer and trusted origin. No trailing slash. */
  webUrl: string;
  /** Where the browser finds the API. No trailing slash. */
  apiUrl: string;
  /** Where this server finds the API: between containers it has another address than from outside. */
  apiInternalUrl: string;
  /** OpenTelemetry collector that gets traces; undefined means none. */
  traceEndpoint: string | undefined;
  /** Addresses or CIDR ranges whose forwarding headers count. */
  trustedProxies: string[];
  /** Nobody signs in before their address is confirmed, and sign-up doesn't tell whether it is known. */
  requireEmailVerification: boolean;
  /** `url` unset: mail is written to `dataDir/outbox`. */
  mail: { url: string | undefined; from: string };
  github: OAuthClient | undefined;
  google: OAuthClient | undefined;
  oidc: { issuer: string; clientId: string; clientSecret: string | undefined } | undefined;
}

/** Thrown when the environment can't be used: names every wrong key and its fix, never a value. */
export class EnvError extends Error {
  override name = 'EnvError';
}

function client(id: string | undefined, value: string | undefined): OAuthClient | undefined {
  return id && value ? { clientId: id, clientSecret: value } : undefined;
}

/**
 * Parses an environment. Every variable may also come from a file: `DATABASE_URL_FILE=/run/secrets/database-url`.
 * @throws {EnvError} listing every wrong or missing key
 */
export function parseEnv(given: Source): Env {
  const { source, unreadable } = readFiles(given, Object.keys(schema.shape));
  const result = schema.safeParse(source);
  const problems = [
    ...unreadable.map((key) => `${key} must name a file this process may read`),
    ...(result.error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`),
    ...together(source),
  ];
  if (!result.success || problems.length > 0) {
    throw new EnvError(
      `The web application can't start, these variables are wrong:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    );
  }
  const env = result.data;
  const apiUrl = env.NEXT_PUBLIC_API_BASE_URL ?? `http://localhost:${env.API_PORT}`;
  return {
    production: env.NODE_ENV === 'production',
    dataDir: env.DATA_DIR,
    databaseUrl: env.DATABASE_URL,
    secret: env.BETTER_AUTH_SECRET,
    secrets: env.BETTER_AUTH_SECRETS,
    webUrl: env.BETTER_AUTH_URL ?? env.NEXT_PUBLIC_BETTER_AUTH_URL ?? `http://localhost:${env.WEB_PORT}`,
    apiUrl,
    apiInternalUrl: env.API_INTERNAL_URL ?? apiUrl,
    traceEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    trustedProxies: env.TRUSTED_PROXIES,
    requireEmailVerification: env.REQUIRE_EMAIL_VERIFICATION,
    mail: { url: env.SMTP_URL, from: env.MAIL_FROM },
    github: client(env.GITHUB_CLIENT_ID, env.GITHUB_CLIENT_SECRET),
    google: client(env.GOOGLE_CLIENT_ID, env.GOOGLE_CLIENT_SECRET),
    oidc:
      env.OIDC_ISSUER && env.OIDC_CLIENT_ID
        ? { issuer: env.OIDC_ISSUER, clientId: env.OIDC_CLIENT_ID, clientSecret: env.OIDC_CLIENT_SECRET }
        : undefined,
  };
}

let parsed: Env | undefined;

/**
 * The environment of this process, parsed at its first use (so that `next build` needs none of it).
 * @throws {EnvError} listing every wrong or missing key
 */
export function env(): Env {
  return (parsed ??= parseEnv(process.env));
}
