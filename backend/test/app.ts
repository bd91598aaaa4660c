import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DestinationStream, Logger } from 'pino';
import { createAppBetterAuth, TEST_BASE_URL, TEST_SECRET } from '../../test/better-auth.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { AppModule } from '../src/app.module.ts';
import { configureApp, createApp } from '../src/app.setup.ts';
import { parseEnv, type Env } from '../src/env.ts';
import { fastifyOptions } from '../src/http/server/fastify.options.ts';
import { createLogger } from '../src/logging/logger.ts';
import { NestLogger } from '../src/logging/nest-logger.ts';
import { Contract } from './contract.ts';

/** Someone who signed up with the real Better Auth, and every credential they then have. */
export interface TestUser {
  readonly id: string;
  readonly email: string;
  /** The raw session token: a Bearer credential. */
  readonly token: string;
  /** The signed token of the `set-auth-token` header. */
  readonly signedToken: string;
  /** A `Cookie` header. */
  readonly cookie: string;
  /** A fifteen-minute JWT. */
  readonly jwt: string;
  /** `Authorization` header with the raw token. */
  readonly bearer: string;
}

/** The real application on a database of its own, listening on a free port. */
export interface TestApp {
  readonly app: NestFastifyApplication;
  readonly env: Env;
  /** `http://127.0.0.1:<port>`, for supertest and fetch alike. */
  readonly url: string;
  readonly database: TestDatabase;
  /** Every response is checked against the OpenAPI document; `close()` fails when one broke it. */
  readonly contract: Contract;
  /** The JSON log lines written so far. */
  readonly logs: readonly string[];
  signUp(name?: string): Promise<TestUser>;
  /** Ends a user's session as Better Auth does. */
  signOut(user: TestUser): Promise<void>;
  close(): Promise<void>;
}

interface TestAppOptions {
  /** Variables over the tests' own. */
  readonly env?: Readonly<Record<string, string>>;
  /** A database to share with another instance; the one who made it drops it. */
  readonly database?: TestDatabase;
  /** Modules beside the application's own, as a team would add them. */
  readonly modules?: readonly Type[];
}

/**
 * Starts the API as `main.ts` does, on a clone of the migrated database.
 *
 * @example
 * const api = await createTestApp();
 * afterAll(() => api.close());
 * const ada = await api.signUp('Ada');
 * await request(api.url).get('/api/me').set('authorization', ada.bearer).expect(200);
 */
export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database = options.database ?? (await createTestDatabase('app'));
  const env = parseEnv({
    API_DATABASE_URL: database.apiUrl,
    BETTER_AUTH_SECRET: TEST_SECRET,
    BETTER_AUTH_URL: TEST_BASE_URL,
    API_PORT: '0',
    METRICS_PORT: 'off',
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'debug',
    ...options.env,
  });
  const logs: string[] = [];
  const { logger } = createLogger(env.logLevel, collect(logs));
  const app = await (options.modules === undefined
    ? createApp(env, logger)
    : createAppWith(options.modules, env, logger));
  const contract = Contract.watch(app);
  try {
    await app.listen(0, '127.0.0.1');
  } catch (error) {
    await app.close();
    throw error;
  }
  const auth = createAppBetterAuth({ url: database.ownerUrl });
  let people = 0;
  return {
    app,
    env,
    url: (await app.getUrl()).replace('[::1]', '127.0.0.1'),
    database,
    contract,
    logs,
    signUp: async (name = `Person ${(people += 1)}`) => {
      const email = `person-${people}-${Math.random().toString(36).slice(2)}@example.com`;
      const signedUp = await auth.api.signUpEmail({
        body: { name, email, password: 'correct horse battery' },
        returnHeaders: true,
      });
      const signedToken = signedUp.headers.get('set-auth-token') ?? '';
      const { token: jwt } = await auth.api.getToken({
        headers: new Headers({ authorization: `Bearer ${signedToken}` }),
      });
      const token = signedUp.response.token ?? '';
      return {
        id: signedUp.response.user.id,
        email,
        token,
        signedToken,
        cookie: (signedUp.headers.get('set-cookie') ?? '').split(';')[0] ?? '',
        jwt,
        bearer: `Bearer ${token}`,
      };
    },
    signOut: async (user) => {
      await auth.api.signOut({ headers: new Headers({ authorization: user.bearer }) });
    },
    close: async () => {
      await app.close();
      if (!options.database) await database.drop();
      contract.assert();
    },
  };
}

/** As `createApp`, with more features. */
async function createAppWith(modules: readonly Type[], env: Env, logger: Logger): Promise<NestFastifyApplication> {
  const root: DynamicModule = { module: class WithFeatures {}, imports: [AppModule.forRoot(env), ...modules] };
  const app = await NestFactory.create<NestFastifyApplication>(root, new FastifyAdapter(fastifyOptions(env, logger)), {
    bodyParser: false,
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  return configureApp(app, env, logger);
}

/** pino's level of a failure that is ours; what a test expected instead is then shown beside it. */
const ERROR = 50;

/** Keeps the lines, and prints those of failed requests: "expected 201, got 500" comes with its cause. */
function collect(lines: string[]): DestinationStream {
  return {
    write: (line: string) => {
      lines.push(line);
      const { level, stack, msg, ...rest } = JSON.parse(line) as { level: number; stack?: string; msg?: string };
      if (level >= ERROR)
        console.error([`The API logged: ${msg ?? ''}`, JSON.stringify(rest, undefined, 2), stack ?? ''].join('\n'));
    },
  };
}
