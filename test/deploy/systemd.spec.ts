import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/root.ts';

const FOLDER = 'deploy/systemd';
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const files = readdirSync(join(ROOT, FOLDER));
const guide = read('docs/deploy/one-server.md');
const variablesOf = (path: string): string[] =>
  [...read(path).matchAll(/^ {2,4}([A-Z][A-Z0-9_]+): /gm)].flatMap(([, name]) => [name!, `${name}_FILE`]);
const READ_BY: Readonly<Record<string, readonly string[]>> = {
  api: variablesOf('backend/src/env.ts'),
  web: [...variablesOf('frontend/src/server/env.ts'), 'HOST'],
  migrate: [...variablesOf('backend/src/env.ts'), ...variablesOf('frontend/src/server/env.ts')],
  clean: variablesOf('backend/src/env.ts'),
};
const units = Object.keys(READ_BY);
const unit = (name: string): string => read(`${FOLDER}/session-guard-${name}.service`);
const all = (text: string, key: string): string[] =>
  [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value!);

describe('deploy/systemd', () => {
  it.each(units)('%s: sets only variables that it reads, each secret from a credential that it is given', (name) => {
    const text = unit(name);
    const given = all(text, 'LoadCredential').map((value) => value.split(':')[0]);
    for (const assignment of all(text, 'Environment')) {
      const [variable = '', value = ''] = assignment.split('=');
      if (variable !== 'NODE_ENV') expect(READ_BY[name]).toContain(variable);
      if (variable.endsWith('_FILE')) expect(given).toContain(value.replace('%d/', ''));
    }
    const settings = all(text, 'EnvironmentFile').map((path) => path.split('/').at(-1)!);
    for (const file of settings.filter((path) => path !== 'common.env')) {
      for (const [, variable] of read(`${FOLDER}/${file}`).matchAll(/^([A-Z_]+)=/gm))
        expect(READ_BY[name]).toContain(variable);
    }
  });

  it('common.env holds what is read by one or the other, and no secret', () => {
    for (const [, variable] of read(`${FOLDER}/common.env`).matchAll(/^([A-Z_]+)=/gm)) {
      expect([...READ_BY['api']!, ...READ_BY['web']!]).toContain(variable);
      expect(variable).not.toMatch(/SECRET|DATABASE|SMTP/);
    }
  });

  it('every secret is made by the guide, and the API is not given the owner’s', () => {
    const made = [...guide.matchAll(/> ([a-z-]+)$/gm)].map(([, name]) => name);
    for (const name of units) {
      for (const value of all(unit(name), 'LoadCredential')) expect(made).toContain(value.split('/').at(-1));
    }
    expect(unit('api')).not.toMatch(/owner/);
  });

  it('the guide copies the files that are there', () => {
    for (const ending of ['.env', '.service', '.timer', 'Caddyfile'])
      expect(files.some((file) => file.endsWith(ending))).toBe(true);
    for (const [, name] of guide.matchAll(/session-guard-(\w+)/g)) if (name !== 'guard') expect(units).toContain(name);
  });

  it.each(units)('%s: has no rights to lose', (name) => {
    for (const line of [
      'NoNewPrivileges=true',
      'CapabilityBoundingSet=',
      'ProtectSystem=strict',
      'PrivateTmp=true',
      'User=session-guard',
    ])
      expect(unit(name).split('\n')).toContain(line);
  });

  it('gives the API the time it takes to stop', () => {
    const shutdown =
      Number(/SHUTDOWN_MS = ([\d_]+)/.exec(read('backend/src/main.ts'))?.[1]?.replaceAll('_', '')) / 1_000;
    for (const name of ['api', 'web']) expect(Number(all(unit(name), 'TimeoutStopSec')[0])).toBeGreaterThan(shutdown);
  });
});
