import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseEnv as parseApiEnv } from '../../backend/src/env.ts';
import { parseEnv as parseWebEnv } from '../../frontend/src/server/env.ts';
import {
  base,
  files,
  KUBERNETES,
  kustomization,
  type Labels,
  type Manifest,
  manifestsOf,
  podsOf,
  typeScriptOf,
} from './kubernetes.ts';
import { blocksOf } from '../docs/markdown.ts';
import { ROOT } from '../../scripts/root.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const OVERLAYS = ['managed-postgres'];
const manifests = base();
const pods = podsOf(manifests);
const own = kustomization(`${KUBERNETES}/base`);
const guide = read('docs/deploy/kubernetes.md') + read('docs/deploy/managed-postgresql.md');
const dockerfile = read('docker/Dockerfile');

const variablesOf = (path: string): string[] =>
  [...read(path).matchAll(/^ {2,4}([A-Z][A-Z0-9_]+): /gm)].flatMap(([, name]) => [name!, `${name}_FILE`]);
const API = variablesOf('backend/src/env.ts');
const WEB = [...variablesOf('frontend/src/server/env.ts'), 'HOST'];
const READ_BY: Readonly<Record<string, readonly string[]>> = {
  api: API,
  web: WEB,
  migrate: [...API, ...WEB],
  clean: API,
  valkey: [],
};
const settings = Object.fromEntries(
  (own.configMapGenerator?.[0]?.literals ?? []).map((line) => [
    line.slice(0, line.indexOf('=')),
    line.slice(line.indexOf('=') + 1),
  ]),
);

const selects = (selector: Labels, labels: Labels): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);
const named = (kind: string): (Manifest & { spec: Record<string, unknown> })[] =>
  manifests.filter((manifest) => manifest.kind === kind);
const portsOf = (labels: Labels): string[] =>
  pods
    .filter((pod) => selects(labels, pod.labels))
    .flatMap(({ spec }) => spec.containers.flatMap(({ ports = [] }) => ports.map(({ name }) => name)));

describe('deploy/kubernetes', () => {
  it('names each of its files in a kustomization, and no other', () => {
    const listed = ['base', ...OVERLAYS.map((name) => `overlays/${name}`)].flatMap((folder) => {
      const { resources, patches = [] } = kustomization(`${KUBERNETES}/${folder}`);
      return ['kustomization.yaml', ...resources, ...patches.map(({ path }) => path)]
        .filter((path) => path.endsWith('.yaml'))
        .map((path) => join(KUBERNETES, folder, path));
    });
    expect([...new Set(listed)].toSorted()).toEqual(files());
  });

  it('has the fields of the Kubernetes API, and no others', () => {
    const patched = OVERLAYS.flatMap((name) => kustomization(`${KUBERNETES}/overlays/${name}`).patches ?? []).filter(
      ({ target }) => target === undefined,
    );
    const overlays = patched.flatMap(({ path }) =>
      OVERLAYS.flatMap((name) => manifestsOf(join(KUBERNETES, 'overlays', name, path))),
    );
    const source = typeScriptOf([...manifests, ...overlays]);
    const check = (text: string): string[] =>
      JSON.parse(
        execFileSync(process.execPath, ['--import', 'tsx', 'test/type-check.ts'], {
          cwd: ROOT,
          input: JSON.stringify({
            'manifests.ts': text,
            'misspelt.ts': text.replaceAll('"readOnlyRootFilesystem"', '"readOnlyRootFileSystem"'),
          }),
          encoding: 'utf8',
        }),
      ) as string[];
    const problems = check(source);
    expect(problems.filter((line) => line.startsWith('manifests.ts'))).toEqual([]);
    // The check itself: one wrong letter, one complaint for each of the containers.
    expect(problems.filter((line) => line.startsWith('misspelt.ts'))).toHaveLength(pods.length);
  });

  it('selects with each selector the pods it means', () => {
    for (const { metadata, spec } of named('Deployment')) {
      const { selector, template } = spec as {
        selector: { matchLabels: Labels };
        template: { metadata: { labels: Labels } };
      };
      expect([metadata.name, selector.matchLabels]).toEqual([metadata.name, template.metadata.labels]);
    }
    const selectors = [
      ...named('Service').map(({ metadata, spec }) => [metadata.name, spec['selector']] as const),
      ...named('PodDisruptionBudget').map(
        ({ metadata, spec }) => [metadata.name, (spec['selector'] as { matchLabels: Labels }).matchLabels] as const,
      ),
    ];
    for (const [name, selector] of selectors) {
      expect([
        name,
        pods.filter(({ labels }) => selects(selector as Labels, labels)).map(({ owner }) => owner),
      ]).toEqual([name, [name.replace('-metrics', '')]]);
    }
    for (const [selector] of read(`${KUBERNETES}/base/network-policies.yaml`).matchAll(
      /app\.kubernetes\.io\/component: (?!network)\w+/g,
    )) {
      expect(pods.map(({ labels }) => labels['app.kubernetes.io/component'])).toContain(selector.split(': ')[1]);
    }
  });

  it('refers to ports, services, volumes and settings that exist', () => {
    for (const { metadata, spec } of named('Service')) {
      for (const { targetPort } of spec['ports'] as { targetPort: string }[])
        expect([metadata.name, portsOf(spec['selector'] as Labels)]).toEqual([
          metadata.name,
          expect.arrayContaining([targetPort]),
        ]);
    }
    for (const { spec } of named('Ingress')) {
      for (const { http } of spec['rules'] as {
        http: { paths: { backend: { service: { name: string; port: { name: string } } } }[] };
      }[]) {
        for (const { backend } of http.paths) {
          const service = named('Service').find(({ metadata }) => metadata.name === backend.service.name);
          expect(service?.spec['ports']).toEqual([expect.objectContaining({ name: backend.service.port.name })]);
        }
      }
    }
    for (const { owner, spec } of pods) {
      const volumes = (spec.volumes ?? []).map(({ name }) => name);
      for (const { volumeMounts = [], envFrom = [], ports = [], ...container } of spec.containers) {
        expect([owner, volumeMounts.map(({ name }) => name)]).toEqual([owner, volumes]);
        for (const { configMapRef } of envFrom)
          expect(own.configMapGenerator?.map(({ name }) => name)).toContain(configMapRef.name);
        const probed = [...JSON.stringify(container).matchAll(/"port":"?(\w+)/g)].map(([, port]) => port);
        for (const port of probed) expect(ports.map(({ name }) => name)).toContain(port);
      }
    }
    // The names that the network policies give to ports.
    for (const [, port] of read(`${KUBERNETES}/base/network-policies.yaml`).matchAll(/port: ([a-z]+)/g))
      expect(portsOf({})).toContain(port);
  });

  it('has what the guide deletes, waits for and selects', () => {
    const commands = blocksOf(guide)
      .filter(({ language }) => language === 'sh')
      .map(({ code }) => code)
      .join('\n');
    const objects = [...commands.matchAll(/\b(job|deployment)[ /]([a-z]+)/g)].map(
      ([, kind, name]) => `${kind}/${name}`,
    );
    expect(objects.length).toBeGreaterThan(3);
    expect(manifests.map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`)).toEqual(
      expect.arrayContaining(objects),
    );
    const selected = /-l 'app\.kubernetes\.io\/component in \(([\w,]+)\)'/.exec(commands)?.[1]?.split(',') ?? [];
    const labelled = ['kustomization.yaml', ...own.resources]
      .map((file) => read(`${KUBERNETES}/base/${file}`))
      .join('\n');
    for (const component of selected)
      expect(labelled).toMatch(
        new RegExp(`^ *(?:labels: \\{.*)?app\\.kubernetes\\.io/component: ${component}\\b`, 'm'),
      );
    // The migration comes first, and nothing that it must come before.
    const chosen = manifests
      .filter(({ metadata }) => selected.includes(metadata.labels?.['app.kubernetes.io/component'] ?? ''))
      .map(({ kind }) => kind);
    expect(chosen).toContain('Job');
    expect(chosen).not.toContain('Deployment');
  });

  it('reads secrets from files that the guide makes, each by those who need it', () => {
    const made = new Map(
      [...guide.matchAll(/kubectl [^\n]*create secret generic (\S+)((?:[^\n]*\\\n)*[^\n]*)/g)].map(([, name, rest]) => [
        name!,
        [...rest!.matchAll(/--from-(?:literal|file)=([\w-]+)/g)].map(([, key]) => key!),
      ]),
    );
    for (const { owner, spec } of pods) {
      for (const { env = [], volumeMounts = [] } of spec.containers) {
        for (const { name, value } of env) {
          if (/DATABASE|LISTEN|AUTH_SECRET|SMTP/.test(name))
            expect([owner, name]).toEqual([owner, expect.stringMatching(/_FILE$/)]);
          if (!name.endsWith('_FILE')) continue;
          const mount = volumeMounts.find(({ mountPath }) => mountPath === dirname(value));
          const secret =
            spec.volumes?.find((volume) => volume.name === mount?.name)?.secret?.secretName ?? `nothing for ${value}`;
          expect([secret, made.get(secret)]).toEqual([
            secret,
            expect.arrayContaining([value.slice(dirname(value).length + 1)]),
          ]);
        }
      }
    }
    // The API never holds what the owner may do.
    const ofApi = pods.find(({ owner }) => owner === 'api')?.spec.volumes?.map(({ secret }) => secret?.secretName);
    expect(ofApi).not.toEqual(expect.arrayContaining([expect.stringMatching(/owner|web/)]));
  });

  it('sets only variables that are read, and what the applications start with', () => {
    for (const { owner, spec } of pods) {
      for (const { env = [] } of spec.containers) for (const { name } of env) expect(READ_BY[owner]).toContain(name);
    }
    for (const name of Object.keys(settings)) expect([...API, ...WEB]).toContain(name);
    for (const overlay of OVERLAYS) {
      for (const { literals } of kustomization(`${KUBERNETES}/overlays/${overlay}`).configMapGenerator ?? [])
        for (const line of literals) expect(settings).toHaveProperty(line.split('=')[0]!);
    }
    // As the pods see them, with a secret in each file's place.
    const environment = (owner: string): Record<string, string> => {
      const env = pods.find((pod) => pod.owner === owner)?.spec.containers[0]?.env ?? [];
      const values = env.map(
        ({ name, value }) => [name.replace(/_FILE$/, ''), name.endsWith('_FILE') ? secretFor(name) : value] as const,
      );
      return { ...settings, ...Object.fromEntries(values) };
    };
    const secretFor = (name: string): string =>
      name.includes('AUTH')
        ? '1:abcdefghijklmnopqrstuvwxyz0123456789'
        : name.includes('SMTP')
          ? 'smtp://user:password@smtp.example.com:587'
          : 'postgres://role:password@db.example.com:5432/app';
    expect(parseApiEnv(environment('api'))).toMatchObject({
      host: '0.0.0.0',
      port: 4000,
      metricsPort: 9464,
      corsOrigins: ['https://app.example.com'],
    });
    expect(parseWebEnv(environment('web'))).toMatchObject({
      webUrl: 'https://app.example.com',
      apiInternalUrl: 'http://api:4000',
    });
  });

  it('pins every image: its own to this version, others to theirs', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    for (const { spec } of pods) {
      for (const { image } of spec.containers) {
        if (!image.startsWith('session-guard/')) expect(image).toMatch(/:\d+\.\d+\.\d+/);
        else expect(own.images).toContainEqual({ name: image.slice(0, image.indexOf(':')), newTag: version });
      }
    }
    for (const { name } of own.images ?? [])
      expect(dockerfile).toMatch(new RegExp(`^FROM \\S+ AS ${name.split('/')[1]}$`, 'm'));
  });

  it('runs everything without root, rights, a writable disk, or a token of the cluster', () => {
    expect(named('Namespace')[0]?.metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
    for (const { owner, spec } of pods) {
      expect([owner, spec.securityContext, spec.automountServiceAccountToken]).toEqual([
        owner,
        expect.objectContaining({
          runAsNonRoot: true,
          runAsUser: expect.any(Number),
          seccompProfile: { type: 'RuntimeDefault' },
        }),
        false,
      ]);
      for (const { securityContext, resources, livenessProbe, readinessProbe } of spec.containers) {
        expect([owner, securityContext]).toEqual([
          owner,
          { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
        ]);
        expect([owner, resources]).toEqual([
          owner,
          { requests: { cpu: expect.any(String), memory: expect.any(String) }, limits: { memory: expect.any(String) } },
        ]);
        if (owner !== 'migrate' && owner !== 'clean')
          expect([owner, livenessProbe, readinessProbe]).toEqual([owner, expect.any(Object), expect.any(Object)]);
      }
    }
  });

  it('gives a stopping pod the time that the API takes to stop', () => {
    const shutdown =
      Number(/SHUTDOWN_MS = ([\d_]+)/.exec(read('backend/src/main.ts'))?.[1]?.replaceAll('_', '')) / 1_000;
    for (const { owner, spec } of pods.filter(({ owner: name }) => name === 'api' || name === 'web')) {
      const wait = Number(spec.containers[0]?.lifecycle?.preStop?.exec.command[1]);
      expect([owner, wait]).toEqual([owner, expect.any(Number)]);
      expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(wait + shutdown);
    }
  });

  it('asks health checks that the applications have', () => {
    const api = Object.keys((JSON.parse(read('libs/api-client/openapi.json')) as { paths: object }).paths);
    const probes = (owner: string): string[] =>
      [...JSON.stringify(pods.find((pod) => pod.owner === owner)).matchAll(/"path":"([^"]+)"/g)].map(
        ([, path]) => path!,
      );
    for (const path of probes('api')) expect(api).toContain(path);
    expect(new Set(probes('web'))).toEqual(new Set(['/api/health', '/api/auth/ok']));
  });
});
