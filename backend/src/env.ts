import { z } from 'zod';
import { apiDatabaseUrl } from './database/api-role.ts';
import { readFiles } from './env.files.ts';

/** What the API runs with: parsed once from the environment. */
export interface Env {
  /** Address to listen on; `0.0.0.0` in containers. */
  readonly host: string;
  /** TCP port of the API; 0 picks a free one. */
  readonly port: number;
  /** The API's address as consumers see it, without a trailing slash; the `servers` entry of the OpenAPI document. */
  readonly publicUrl: string;
  /** Connection string of the restricted role every query runs as. */
  readonly databaseUrl: string;
  /** Connection string for LISTEN; bypasses a transaction pooler. */
  readonly listenUrl: string;
  /** Milliseconds PostgreSQL works on one of the API's statements. */
  readonly statementTimeoutMs: number;
  /** Where Better Auth answers; decides the cookie's name, the JWT's issuer and the trusted origin. */
  readonly authUrl: string;
  /** Better Auth's secrets, the signing one first. Never logged. */
  readonly secrets: readonly [string, ...string[]];
  /** Browser origins allowed to call the API, compared as whole strings. */
  readonly corsOrigins: readonly string[];
  /** Request headers, beside the API's own, that pages of those origins may send. */
  readonly corsHeaders: readonly string[];
  /** Bytes of a request's body; more is 413. */
  readonly bodyLimit: number;
  /** Addresses or CIDR ranges of reverse proxies whose `X-Forwarded-For` counts. */
  readonly trustedProxies: readonly string[];
  /** Requests a minute for one user, or for one address when signed out; undefined means no limit. */
  readonly rateLimit: number | undefined;
  /** Tasks that are kept for one user, deleted ones included. */
  readonly maxTasks: number;
  /** Bytes of titles and descriptions that are kept for one user. */
  readonly maxTaskBytes: number;
  /** Event streams that may be open on this instance, of all users together. */
  readonly maxStreams: number;
  /** Port of `GET /metrics`; undefined when metrics are off. */
  readonly metricsPort: number | undefined;
  /** Address the metrics listen on; loopback unless told otherwise. */
  readonly metricsHost: string;
  /** Shared rate-limit counters for several instances; undefined keeps them in memory. */
  readonly redisUrl: string | undefined;
  /** OpenTelemetry collector that gets a trace of each request; undefined means no traces. */
  readonly traceEndpoint: string | undefined;
  readonly logLevel: LogLevel;
}

/** Variables as a process is given them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** This process's own. Nothing else in the API or its commands reads `process.env`. */
export function environment(): Environment {
  return process.env;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const MIN_SECRET = 32;
/** Published in Better Auth's own source: anyone can sign a cookie with them. */
const KNOWN_SECRETS = new Set(['better-auth-secret-12345678901234567890', 'better-auth-secret-123456789']);

/** The start stops here: lists every wrong key with its fix, and never a value. */
export class EnvError extends Error {
  constructor(readonly problems: readonly { key: string; fix: string }[]) {
    super(`The environment is not usable:\n${problems.map(({ key, fix }) => `  ${key}: ${fix}`).join('\n')}`);
    this.name = 'EnvError';
  }
}

const blankAsUnset = (value: unknown): unknown =>
  typeof value === 'string' && value.trim() === '' ? undefined : value;
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(blankAsUnset, schema.optional());

const port = (fix: string) =>
  z
    .string({ error: fix })
    .regex(/^\d{1,5}$/, fix)
    .transform(Number)
    .refine((value) => value <= 65_535, fix);
const url = (protocols: readonly string[], fix: string) =>
  z.string({ error: fix }).refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), fix);

const WEB_FIX = 'an absolute http(s) URL, e.g. https://app.example.com';
const POSTGRES_FIX = 'a postgres:// connection string, e.g. postgres://user:password@localhost:5432/app';
const SECRET_FIX = `at least ${MIN_SECRET} random characters, e.g. the output of: openssl rand -base64 33`;
const postgres = url(['postgres:', 'postgresql:'], POSTGRES_FIX);
const web = url(['http:', 'https:'], WEB_FIX);
const secret = z
  .string({ error: SECRET_FIX })
  .min(MIN_SECRET, SECRET_FIX)
  .refine((value) => !KNOWN_SECRETS.has(value), `is a published default; ${SECRET_FIX}`)
  .refine((value) => new Set(value).size >= 8, `is too repetitive; ${SECRET_FIX}`);

const isOrigin = (value: string): boolean =>
  URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && new URL(value).origin === value;
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const MIB = 1_048_576;
const SIZES: Readonly<Record<string, number>> = { kib: 1_024, mib: MIB };
const MAX_BODY = 100 * MIB;
const bytes = (fix: string) =>
  z
    .string()
    .regex(/^\d{1,9} ?(?:KiB|MiB)?$/i, fix)
    .transform((value) => Number.parseInt(value, 10) * (SIZES[value.replace(/^\d+ ?/, '').toLowerCase()] ?? 1))
    .refine((value) => value >= 1_024 && value <= MAX_BODY, fix);
const PROXY = /^(?:[0-9a-fA-F:.]+)(?:\/\d{1,3})?$/;
const isProxy = (value: string): boolean =>
  ['loopback', 'linklocal', 'uniquelocal'].includes(value) || PROXY.test(value);
const list = (valid: (item: string) => boolean, fix: string) =>
  z
    .string()
    .transform((value) =>
      value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    )
    .refine((items) => items.every(valid), fix);

const count = (what: string) =>
  z
    .string()
    .regex(/^[1-9]\d{0,8}$/, `a number of ${what}`)
    .transform(Number);

const schema = z.object({
  HOST: optional(z.string().regex(/^[\w.:-]+$/, 'a host name or IP address, e.g. 127.0.0.1')).default('127.0.0.1'),
  API_PORT: optional(port('a port from 0 to 65535')).default(4000),
  WEB_PORT: optional(port('a port from 0 to 65535')).default(3000),
  DATABASE_URL: optional(postgres),
  API_DATABASE_URL: optional(postgres),
  DATABASE_LISTEN_URL: optional(postgres),
  STATEMENT_TIMEOUT_MS: optional(
    z
      .string()
      .regex(/^[1-9]\d{0,5}$/, 'milliseconds from 1 to 999999, e.g. 2000')
      .transform(Number),
  ).default(2_000),
  BETTER_AUTH_SECRET: optional(secret),
  BETTER_AUTH_SECRETS: optional(
    z
      .string()
      .transform((value) => value.split(',').map((entry) => entry.trim()))
      .refine(
        (entries) => entries.every((entry) => /^\d+:/.test(entry)),
        'entries of the form <version>:<secret>, separated by commas, the current one first',
      )
      .transform((entries) => entries.map((entry) => entry.slice(entry.indexOf(':') + 1).trim()))
      .pipe(z.array(secret).min(1)),
  ),
  BETTER_AUTH_URL: optional(web),
  NEXT_PUBLIC_BETTER_AUTH_URL: optional(web),
  NEXT_PUBLIC_API_BASE_URL: optional(web),
  CORS_ORIGINS: optional(
    list(isOrigin, 'exact origins separated by commas, without a path or trailing slash, e.g. https://app.example.com'),
  ),
  CORS_HEADERS: optional(
    list(
      (name) => HEADER_NAME.test(name) && name !== '*',
      'names of request headers separated by commas, e.g. X-Client-Version',
    ),
  ).default([]),
  API_BODY_LIMIT: optional(bytes('bytes from 1 KiB to 100 MiB, e.g. 1048576, 512 KiB or 2 MiB')).default(MIB),
  TRUSTED_PROXIES: optional(
    list(
      isProxy,
      'IP addresses or CIDR ranges separated by commas, e.g. 10.0.0.0/8, or loopback, linklocal, uniquelocal',
    ),
  ).default([]),
  RATE_LIMIT: optional(
    z.union(
      [
        z.literal('off'),
        z
          .string()
          .regex(/^[1-9]\d{0,8}$/)
          .transform(Number),
      ],
      { error: 'requests a minute, e.g. 600, or off' },
    ),
  ).default(600),
  MAX_TASKS_PER_USER: optional(count('tasks, e.g. 10000')).default(10_000),
  MAX_TASK_BYTES_PER_USER: optional(count('bytes, e.g. 20000000')).default(20_000_000),
  MAX_STREAMS: optional(count('event streams, e.g. 2000')).default(2_000),
  METRICS_PORT: optional(z.union([z.literal('off'), port('')], { error: 'a port from 0 to 65535, or off' })).default(
    9464,
  ),
  METRICS_HOST: optional(z.string().regex(/^[\w.:-]+$/, 'a host name or IP address, e.g. 127.0.0.1')).default(
    '127.0.0.1',
  ),
  REDIS_URL: optional(url(['redis:', 'rediss:'], 'a redis:// or rediss:// URL, e.g. redis://localhost:6379')),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(
    url(['http:', 'https:'], "the URL of a collector's OTLP/HTTP receiver, e.g. http://localhost:4318"),
  ),
  LOG_LEVEL: optional(z.enum(LOG_LEVELS, { error: `one of ${LOG_LEVELS.join(', ')}` })).default('info'),
});

/**
 * Reads and checks the environment. Every variable may also come from a file:
 * `BETTER_AUTH_SECRETS_FILE=/run/secrets/…`.
 *
 * @throws {EnvError} naming every wrong or missing key and its fix; values are never repeated.
 * @example const env = parseEnv(process.env);
 */
export function parseEnv(given: Readonly<Record<string, string | undefined>>): Env {
  const { source, unreadable } = readFiles(given, Object.keys(schema.shape));
  const parsed = schema.safeParse(source);
  const problems: { key: string; fix: string }[] = unreadable.map((key) => ({
    key,
    fix: 'must name a file this process may read',
  }));
  if (!parsed.success)
    problems.push(
      ...parsed.error.issues.map((issue) => ({
        key: String(issue.path[0]),
        fix: `must be ${issue.message}`.replace('must be is', 'is'),
      })),
    );
  const has = (key: string): boolean => (source[key] ?? '').trim() !== '';
  if (!has('BETTER_AUTH_SECRET') && !has('BETTER_AUTH_SECRETS')) {
    problems.push({
      key: 'BETTER_AUTH_SECRET',
      fix: `is missing; set the web application's own secret: ${SECRET_FIX}`,
    });
  }
  if (!has('API_DATABASE_URL') && !has('DATABASE_URL')) {
    problems.push({
      key: 'API_DATABASE_URL',
      fix: `is missing; set it, or DATABASE_URL to derive it: ${POSTGRES_FIX}`,
    });
  }
  if (!parsed.success || problems.length > 0) throw new EnvError(unique(problems));

  const env = parsed.data;
  const [signing, ...older] = env.BETTER_AUTH_SECRETS ?? [env.BETTER_AUTH_SECRET ?? ''];
  const secrets: readonly [string, ...string[]] = [signing ?? '', ...older];
  const authUrl = env.BETTER_AUTH_URL ?? env.NEXT_PUBLIC_BETTER_AUTH_URL ?? `http://localhost:${env.WEB_PORT}`;
  const databaseUrl = env.API_DATABASE_URL ?? apiDatabaseUrl(env.DATABASE_URL ?? '', secrets[0]);
  return Object.freeze({
    host: env.HOST,
    port: env.API_PORT,
    publicUrl: (env.NEXT_PUBLIC_API_BASE_URL ?? `http://localhost:${env.API_PORT}`).replace(/\/+$/, ''),
    databaseUrl,
    listenUrl: env.DATABASE_LISTEN_URL ?? databaseUrl,
    statementTimeoutMs: env.STATEMENT_TIMEOUT_MS,
    authUrl,
    secrets,
    corsOrigins: env.CORS_ORIGINS ?? [new URL(authUrl).origin],
    corsHeaders: env.CORS_HEADERS,
    bodyLimit: env.API_BODY_LIMIT,
    trustedProxies: env.TRUSTED_PROXIES,
    rateLimit: env.RATE_LIMIT === 'off' ? undefined : env.RATE_LIMIT,
    maxTasks: env.MAX_TASKS_PER_USER,
    maxTaskBytes: env.MAX_TASK_BYTES_PER_USER,
    maxStreams: env.MAX_STREAMS,
    metricsPort: env.METRICS_PORT === 'off' ? undefined : env.METRICS_PORT,
    metricsHost: env.METRICS_HOST,
    redisUrl: env.REDIS_URL,
    traceEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    logLevel: env.LOG_LEVEL,
  });
}

function unique(problems: readonly { key: string; fix: string }[]): { key: string; fix: string }[] {
  return [...new Map(problems.map((problem) => [problem.key, problem])).values()];
}
