import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from './root.ts';

interface Service {
  image?: string;
  build?: { target: string };
  environment: Record<string, string>;
  read_only?: boolean;
  cap_drop?: string[];
  depends_on?: Record<string, { condition: string }>;
  ports?: string[];
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const { services } = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Service> };
const dockerfile = read('docker/Dockerfile');

/** The keys of an application's zod schema: what it reads, and nothing else. */
const variablesOf = (path: string): string[] => [...read(path).matchAll(/^ {2,4}([A-Z][A-Z0-9_]+): /gm)].map(([, name]) => name!);
const API = variablesOf('backend/src/env.ts');
const WEB = [...variablesOf('frontend/src/server/env.ts'), 'HOST'];

describe('docker-compose.yml', () => {
  it('sets only variables that the service reads', () => {
    const unknown = (service: string, known: string[]): string[] => Object.keys(services[service]!.environment).filter((name) => !known.includes(name));
    expect(API).toContain('API_DATABASE_URL');
    expect(WEB).toContain('SMTP_URL');
    expect(unknown('api', API)).toEqual([]);
    expect(unknown('web', WEB)).toEqual([]);
    expect(unknown('migrate', [...API, ...WEB])).toEqual([]);
  });

  it("gives the owner's password to those who need it, and not to the API", () => {
    expect(services['api']!.environment['DATABASE_URL']).not.toContain('PASSWORD');
    expect(services['web']!.environment['DATABASE_URL']).toContain('POSTGRES_PASSWORD');
  });

  it('has no default for a secret', () => {
    for (const { environment } of Object.values(services)) {
      for (const [name, value] of Object.entries(environment)) {
        if (/BETTER_AUTH_SECRET|PASSWORD/.test(name)) expect(value).toMatch(/^\$\{\w+:\?/);
      }
    }
  });

  it('pins every image to a version', () => {
    const images = [...Object.values(services).flatMap(({ image }) => image ?? []), ...[...dockerfile.matchAll(/^FROM (\S+:\S+)/gm)].map(([, image]) => image!)];
    expect(images).toHaveLength(2);
    for (const image of images) expect(image).toMatch(/:\d+\.\d+(\.\d+)?-[a-z]/);
  });

  it('builds targets that the Dockerfile has', () => {
    for (const { build } of Object.values(services)) {
      if (build) expect(dockerfile).toMatch(new RegExp(`^FROM \\S+ AS ${build.target}$`, 'm'));
    }
  });

  it('starts API and web when the migration has succeeded, without root, rights or a writable disk', () => {
    for (const name of ['api', 'web']) {
      expect(services[name]).toMatchObject({ read_only: true, cap_drop: ['ALL'], depends_on: { migrate: { condition: 'service_completed_successfully' } } });
      expect(dockerfile.slice(dockerfile.indexOf(` AS ${name}\n`))).toMatch(/^USER node$/m);
    }
  });

  it('shows nothing to the network but through loopback', () => {
    for (const { ports = [] } of Object.values(services)) for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });
});
