import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { migrateOptions } from '../../backend/src/operator/migrate.ts';
import { parseEnv as parseApiEnv } from '../../backend/src/env.ts';
import { parseEnv as parseWebEnv } from '../../frontend/src/server/env.ts';
import { ROOT } from '../../scripts/root.ts';

interface Service {
  image?: string;
  build?: { target: string };
  user?: string;
  environment?: Record<string, string>;
  read_only?: boolean;
  cap_drop?: string[];
  depends_on?: Record<string, { condition: string }>;
  ports?: string[];
  secrets?: string[];
  healthcheck?: object;
  networks?: string[];
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>;
  secrets: Record<string, { file: string }>;
};
const services = Object.entries(compose.services);
const dockerfile = read('docker/Dockerfile');
const service = (name: string): Service => compose.services[name]!;

/** The keys of an application's zod schema: what it reads, and nothing else. Each may come from a file. */
const variablesOf = (path: string): string[] =>
  [...read(path).matchAll(/^ {2,4}([A-Z][A-Z0-9_]+): /gm)].flatMap(([, name]) => [name!, `${name}_FILE`]);
const API = variablesOf('backend/src/env.ts');
const WEB = [...variablesOf('frontend/src/server/env.ts'), 'HOST'];

describe('docker-compose.yml', () => {
  it('sets only variables that the service reads', () => {
    const unknown = (name: string, known: string[]): string[] =>
      Object.keys(service(name).environment ?? {}).filter((variable) => !known.includes(variable));
    expect(API).toContain('API_DATABASE_URL_FILE');
    expect(WEB).toContain('SMTP_URL');
    expect(unknown('api', API)).toEqual([]);
    expect(unknown('web', WEB)).toEqual([]);
    expect(unknown('migrate', [...API, ...WEB])).toEqual([]);
  });

  it('hands over secrets by file, each to those who need it', () => {
    for (const [name, { environment = {}, secrets = [] }] of services) {
      for (const [variable, value] of Object.entries(environment)) {
        if (/PASSWORD|DATABASE|LISTEN|AUTH_SECRET/.test(variable))
          expect([name, variable]).toEqual([name, expect.stringMatching(/_FILE$/)]);
        if (variable.endsWith('_FILE')) expect(secrets).toContain(value.replace('/run/secrets/', ''));
      }
      for (const secret of secrets) expect(compose.secrets).toHaveProperty(secret);
    }
    // The API never holds what its owner may do.
    expect(service('api').secrets).not.toEqual(expect.arrayContaining([expect.stringMatching(/owner|web|postgres/)]));
  });

  it('starts with the secrets that make-secrets.sh makes', () => {
    const directory = mkdtempSync(join(tmpdir(), 'session-guard-secrets-'));
    try {
      execFileSync('sh', [join(ROOT, 'docker/make-secrets.sh'), directory]);
      expect(
        Object.values(compose.secrets)
          .map(({ file }) => file.replace('.data/secrets/', ''))
          .toSorted(),
      ).toEqual(readdirSync(directory).toSorted());
      // As the containers see them; what compose would fill in is left to its default.
      const environment = (name: string) =>
        Object.fromEntries(
          Object.entries(service(name).environment ?? {}).map(([key, value]) => [
            key,
            value.replace('/run/secrets', directory).replace(/\$\{\w+:-([^}]*)\}/, '$1'),
          ]),
        );
      expect(parseApiEnv(environment('api')).databaseUrl).toMatch(/@pgbouncer:6432\//);
      expect(parseApiEnv(environment('api')).listenUrl).toMatch(/@postgres:5432\//);
      expect(parseWebEnv(environment('web')).databaseUrl).toMatch(/@pgbouncer:6432\//);
      expect(migrateOptions(environment('migrate')).databaseUrl).toMatch(/@postgres:5432\//);
      const before = readdirSync(directory).map((name) => readFileSync(join(directory, name), 'utf8'));
      execFileSync('sh', [join(ROOT, 'docker/make-secrets.sh'), directory]);
      expect(readdirSync(directory).map((name) => readFileSync(join(directory, name), 'utf8'))).toEqual(before);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('pins every image to a version', () => {
    const images = [
      ...services.flatMap(([, { image }]) => image ?? []),
      ...[...dockerfile.matchAll(/^FROM (\S+:\S+)/gm)].map(([, image]) => image!),
    ];
    expect(images.length).toBeGreaterThan(7);
    for (const image of images) expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?(-[a-z][\w-]*)?$/);
  });

  it('builds targets that the Dockerfile has', () => {
    for (const [, { build }] of services)
      if (build) expect(dockerfile).toMatch(new RegExp(`^FROM \\S+ AS ${build.target}$`, 'm'));
  });

  it('runs everything without a writable disk, rights, or root, and knows how each is', () => {
    for (const [name, { read_only, cap_drop, healthcheck, user }] of services) {
      expect([name, read_only, cap_drop]).toEqual([name, true, ['ALL']]);
      const image = service(name).build
        ? dockerfile.slice(dockerfile.indexOf(` AS ${service(name).build?.target}\n`))
        : '';
      // pgbouncer, prometheus and grafana have a user of their own in the image.
      const unprivileged =
        user !== undefined || /^USER node$/m.test(image) || ['pgbouncer', 'prometheus', 'grafana'].includes(name);
      expect([name, unprivileged]).toEqual([name, true]);
      if (name !== 'migrate')
        expect([name, healthcheck !== undefined || image.includes('HEALTHCHECK')]).toEqual([name, true]);
    }
  });

  it('starts API and web when the migration has succeeded', () => {
    for (const name of ['api', 'web'])
      expect(service(name).depends_on).toMatchObject({ migrate: { condition: 'service_completed_successfully' } });
  });

  it('shows nothing to the network but through loopback, and no database to anybody', () => {
    for (const [, { ports = [] }] of services) for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    for (const name of ['postgres', 'pgbouncer', 'valkey']) expect(service(name)).toMatchObject({ networks: ['data'] });
  });
});

describe('deploy/', () => {
  it('watches only metrics that the API has', () => {
    const sources = ['backend/src/metrics/api.metrics.ts', 'backend/src/metrics/http.durations.ts']
      .map(read)
      .join('\n');
    const used = [read('deploy/prometheus/alerts.yml'), read('deploy/grafana/dashboards/session-guard.json')].join(
      '\n',
    );
    const names = [...used.matchAll(/\b(?:session_guard|http_request)_\w+/g)].map(([name]) =>
      name.replace(/_(?:bucket|count)$/, ''),
    );
    expect(names.length).toBeGreaterThan(10);
    for (const name of new Set(names)) expect(sources).toContain(name);
  });
});
