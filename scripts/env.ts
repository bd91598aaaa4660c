import { join, resolve } from 'node:path';
import { z } from 'zod';
import { ROOT } from './root.ts';

/** What the scripts themselves need to know. The applications check the rest of their variables themselves. */
export interface Settings {
  webPort: number;
  apiPort: number;
  /** Address web and API listen on. */
  host: string;
  /** Absolute. */
  dataDir: string;
  /** Of a PostgreSQL started by somebody else, as the owner; unset means the embedded one. */
  databaseUrl: string | undefined;
  /** Whether a secret was given from outside. */
  hasSecret: boolean;
  /** `undefined`: 9464, or a free port when that is taken. */
  metricsPort: number | 'off' | undefined;
  /** Where browsers find the two, without a trailing slash. */
  webUrl: string;
  apiUrl: string;
}

/** Thrown when the environment can't be used: every wrong key and its fix, never a value. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

const blankIsUnset = (value: unknown): unknown =>
  typeof value === 'string' && value.trim() === '' ? undefined : value;

/** Above 1023, what no browser opens, nor Node's own fetch: https://fetch.spec.whatwg.org/#port-blocking */
const BLOCKED_PORTS = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

const port = (fallback: number) =>
  z.preprocess(
    blankIsUnset,
    z
      .string()
      .regex(/^\d{1,5}$/, 'must be a port from 1 to 65535')
      .transform(Number)
      .refine((value) => value >= 1 && value <= 65_535, 'must be a port from 1 to 65535')
      .refine((value) => !BLOCKED_PORTS.has(value), 'is a port that browsers refuse to open; choose another one')
      .default(fallback),
  );
const address = z.preprocess(
  blankIsUnset,
  z
    .url({ protocol: /^https?$/, error: 'must be an http(s) URL such as https://app.example.com' })
    .transform((value) => value.replace(/\/+$/, ''))
    .optional(),
);

const schema = z
  .object({
    WEB_PORT: port(3000),
    API_PORT: port(4000),
    HOST: z.preprocess(
      blankIsUnset,
      z
        .string()
        .regex(/^[\w.:-]+$/, 'must be a host name or an address such as 127.0.0.1')
        .default('127.0.0.1'),
    ),
    DATA_DIR: z.preprocess(blankIsUnset, z.string().default(join(ROOT, '.data'))),
    DATABASE_URL: z.preprocess(
      blankIsUnset,
      z
        .string()
        .refine(
          (value) => /^postgres(ql)?:\/\//.test(value) && URL.canParse(value),
          'must look like postgres://user:password@host:5432/database; leave it unset for the embedded PostgreSQL',
        )
        .optional(),
    ),
    METRICS_PORT: z.preprocess(
      blankIsUnset,
      z
        .union(
          [
            z.literal('off'),
            z
              .string()
              .regex(/^\d{1,5}$/)
              .transform(Number)
              .refine((value) => value >= 1 && value <= 65_535),
          ],
          {
            error: 'must be a port from 1 to 65535, or off',
          },
        )
        .optional(),
    ),
    BETTER_AUTH_URL: address,
    NEXT_PUBLIC_BETTER_AUTH_URL: address,
    NEXT_PUBLIC_API_BASE_URL: address,
  })
  .refine(({ WEB_PORT, API_PORT }) => WEB_PORT !== API_PORT, {
    path: ['API_PORT'],
    error: 'must differ from WEB_PORT',
  });

/**
 * Reads the scripts' own variables. A relative `DATA_DIR` is the caller's, the default one the repository's.
 * @throws {SettingsError} listing every wrong key and its fix, never a value.
 */
export function readSettings(
  source: Readonly<Record<string, string | undefined>>,
  cwd: string = process.cwd(),
): Settings {
  const result = schema.safeParse(source);
  if (!result.success) {
    throw settingsError(result.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`));
  }
  const env = result.data;
  return {
    webPort: env.WEB_PORT,
    apiPort: env.API_PORT,
    host: env.HOST,
    dataDir: resolve(cwd, env.DATA_DIR),
    databaseUrl: env.DATABASE_URL,
    hasSecret: Boolean(source['BETTER_AUTH_SECRET']?.trim() || source['BETTER_AUTH_SECRETS']?.trim()),
    metricsPort: env.METRICS_PORT,
    webUrl: env.BETTER_AUTH_URL ?? env.NEXT_PUBLIC_BETTER_AUTH_URL ?? `http://localhost:${env.WEB_PORT}`,
    apiUrl: env.NEXT_PUBLIC_API_BASE_URL ?? `http://localhost:${env.API_PORT}`,
  };
}

/** One error for a list of complaints. */
export function settingsError(lines: readonly string[]): SettingsError {
  return new SettingsError(
    `These variables stop the start:\n${[...new Set(lines)].map((line) => `  ${line}`).join('\n')}`,
  );
}
