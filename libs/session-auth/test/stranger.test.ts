import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createBetterAuth, TEST_BASE_URL, TEST_SECRET } from '../../../test/better-auth.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { admin, serverUrl } from '../../../test/server.ts';
import { ROOT } from '../../../scripts/root.ts';
import { refusedWithinBound } from './fixture.ts';
import { importsOf, pack, tsc, type Packed } from './stranger/package.ts';
import { run, serve, type Server } from './stranger/run.ts';

/** What a newcomer's Nest application has anyway; the versions of this repository, so that npm's cache holds them. */
const DEPENDENCIES = [
  '@nestjs/common',
  '@nestjs/core',
  '@nestjs/platform-express',
  '@nestjs/platform-fastify',
  '@nestjs/typeorm',
  'pg',
  'reflect-metadata',
  'rxjs',
  'typeorm',
  '@types/node',
  '@types/pg',
];

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2023',
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
    types: ['node'],
    strict: true,
    skipLibCheck: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    rewriteRelativeImportExtensions: true,
    outDir: 'dist',
    rootDir: 'src',
  },
  include: ['src'],
};

let directory: string;
let core: Packed;
let packed: Packed;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'session-guard-stranger-'));
  core = await pack('core', join(directory, 'core'));
  packed = await pack('session-auth', join(directory, 'package'), core);
}, 180_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the package:', () => {
  it('holds the compiled library, its README and CHANGELOG, and nothing else', () => {
    expect(packed.files).toEqual(
      expect.arrayContaining(['package.json', 'README.md', 'CHANGELOG.md', 'dist/index.js', 'dist/index.d.ts']),
    );
    for (const file of packed.files)
      expect(file).toMatch(/^(package\.json|README\.md|CHANGELOG\.md|dist\/.*\.(js|d\.ts|js\.map))$/);
    expect(packed.size).toBeLessThan(150_000);
  });

  it('every export exists, types first', () => {
    for (const target of Object.values(packed.manifest.exports)) {
      const paths = typeof target === 'string' ? [target] : Object.values(target);
      for (const path of paths) expect(existsSync(join(packed.directory, path))).toBe(true);
      if (typeof target !== 'string') expect(Object.keys(target)).toEqual(['types', 'default']);
    }
  });

  it('the core loads only what everybody has; a subpath only declared peers', () => {
    const { dependencies, peerDependencies, peerDependenciesMeta, exports } = packed.manifest;
    const optional = Object.keys(peerDependenciesMeta);
    const declared = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
    for (const [subpath, target] of Object.entries(exports)) {
      if (typeof target === 'string') continue;
      const { packages } = importsOf(join(packed.directory, target.default));
      const allowed = subpath === '.' ? declared.filter((name) => !optional.includes(name)) : declared;
      expect(allowed).toEqual(expect.arrayContaining([...packages]));
    }
  });

  it('no file is out of every export’s reach', () => {
    const reached = new Set<string>();
    for (const target of Object.values(packed.manifest.exports)) {
      if (typeof target !== 'string') importsOf(join(packed.directory, target.default), reached);
    }
    // A file of types alone leaves an empty module behind.
    const shipped = packed.files.filter((file) => file.endsWith('.js') && !isEmptyModule(join(packed.directory, file)));
    expect(shipped.filter((file) => !reached.has(join(packed.directory, file)))).toEqual([]);
  });
});

describe("a stranger's Nest 12 application, with Better Auth's tables and nothing else:", () => {
  const app = () => join(directory, 'app');
  let database: TestDatabase;
  let strangerUrl: string;

  beforeAll(async () => {
    database = await createTestDatabase('better-auth');
    strangerUrl = await giveTo('stranger', database);
    cpSync(join(ROOT, 'libs/session-auth/test/stranger/app'), join(app(), 'src'), { recursive: true });
    const versions = Object.fromEntries(DEPENDENCIES.map((name) => [name, versionOf(name)]));
    writeFileSync(
      join(app(), 'package.json'),
      JSON.stringify({ name: 'stranger', private: true, type: 'module', dependencies: versions }),
    );
    writeFileSync(join(app(), 'tsconfig.json'), JSON.stringify(TSCONFIG));
    await run(
      'npm',
      ['install', core.tarball, packed.tarball, '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'],
      app(),
    );
  }, 180_000);
  afterAll(async () => {
    await database.drop();
    await admin(serverUrl(), (client) => client.query(`drop role stranger_${database.name}`));
  });

  it('installs without a warning about peers', async () => {
    await expect(run('npm', ['ls', '--all=false'], app())).resolves.toContain('@session-guard/auth@');
  });

  it('compiles with moduleResolution nodenext, and its user is typed, custom fields included', async () => {
    const mistake = join(app(), 'src/mistake.ts');
    writeFileSync(
      mistake,
      `import type { AuthenticatedSession, AuthenticatedUser } from '@session-guard/auth';
       export const wrong = (user: AuthenticatedUser): string => user.shoeSize;
       export const leak = (session: AuthenticatedSession): string => session.token;`,
    );
    writeFileSync(
      join(app(), 'src/custom.ts'),
      `import { UserEntity, type AuthenticatedUser } from '@session-guard/auth';
       export class AppUser extends UserEntity { plan!: string | null; }
       declare module '@session-guard/auth' { interface AuthTypes { user: AppUser } }
       export const plan = (user: AuthenticatedUser): string | null => user.plan;`,
    );
    // The one run compiles the application, and finds the two mistakes and no other.
    const compiled = run(process.execPath, [tsc(), '-p', 'tsconfig.json'], app());
    const errors = await compiled.then(
      () => '',
      (error: Error) => error.message,
    );
    expect(errors.match(/^src.*error TS.*$/gm)).toEqual([
      expect.stringMatching(/mistake\.ts\(2,.*Property 'shoeSize' does not exist/),
      expect.stringMatching(/mistake\.ts\(3,.*Property 'token' does not exist/),
    ]);
  }, 120_000);

  describe.each(['fastify', 'express'])('on %s', (platform) => {
    let server: Server;
    const auth = () => createBetterAuth({ url: database.ownerUrl });

    beforeAll(async () => {
      server = await serve(process.execPath, ['dist/main.js', platform], app(), {
        DATABASE_URL: strangerUrl,
        BETTER_AUTH_SECRET: TEST_SECRET,
        BETTER_AUTH_URL: TEST_BASE_URL,
      });
    }, 60_000);
    afterAll(async () => {
      expect(await server.stop()).not.toBe(1);
    });

    const get = (path: string, headers: Record<string, string> = {}) => fetch(`${server.url}/${path}`, { headers });

    it('says that the triggers are missing and how to add them', () => {
      expect(server.output()).toContain('installRevocation(queryRunner)');
    });

    it('no credential → 401 with a challenge; an open route → 200', async () => {
      const response = await get('me');
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="api"');
      expect((await get('open')).status).toBe(200);
    });

    it('token, signed token, cookie and JWT of Better Auth → 200 with the user; signed out → 401', async () => {
      const email = `${platform}@example.com`;
      const signedUp = await auth().api.signUpEmail({
        body: { name: 'Ada', email, password: 'correct horse battery' },
        asResponse: true,
      });
      const { token } = (await signedUp.json()) as { token: string };
      const signed = signedUp.headers.get('set-auth-token') ?? '';
      const cookie =
        (signedUp.headers.getSetCookie().find((value) => value.includes('session_token=')) ?? '').split(';')[0] ?? '';
      const { token: jwt } = await auth().api.getToken({ headers: new Headers({ cookie }) });
      const credentials: Record<string, string>[] = [
        { authorization: `Bearer ${token}` },
        { authorization: `Bearer ${signed}` },
        { cookie },
        { authorization: `Bearer ${jwt}` },
      ];
      for (const headers of credentials) {
        const response = await get('me', headers);
        expect(response.status).toBe(200);
        expect(await response.json()).toMatchObject({ email });
      }
      await auth().api.signOut({ headers: new Headers({ cookie, origin: TEST_BASE_URL }) });
      for (const headers of credentials) await refusedWithinBound(() => get('me', headers));
      expect(server.output()).not.toContain(token);
    });
  });
});

function versionOf(name: string): string {
  return (JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')) as { version: string })
    .version;
}

function isEmptyModule(file: string): boolean {
  return /^export \{\};\s*(\/\/# sourceMappingURL=.*\s*)?$/.test(readFileSync(file, 'utf8'));
}

/** Makes an ordinary role, no superuser, the owner of every table, as a hosted database's one user is. */
async function giveTo(role: string, { name, ownerUrl }: TestDatabase): Promise<string> {
  const login = `${role}_${name}`;
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(`create role ${login} login password 'stranger'`);
    await client.query(`alter database ${name} owner to ${login}`);
    const { rows } = await client.query<{ table: string }>(
      `select quote_ident(tablename) as "table" from pg_tables where schemaname = 'public'`,
    );
    for (const { table } of rows) await client.query(`alter table ${table} owner to ${login}`);
  } finally {
    await client.end();
  }
  const url = new URL(ownerUrl);
  url.username = login;
  url.password = 'stranger';
  return url.href;
}
