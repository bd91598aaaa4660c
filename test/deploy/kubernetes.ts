import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isMap, parse, parseAllDocuments } from 'yaml';
import { ROOT } from '../../scripts/root.ts';

/** A manifest of deploy/kubernetes, as far as its checks need to know it. */
export interface Manifest {
  readonly file: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Labels };
  readonly spec: Record<string, unknown>;
}

export type Labels = Readonly<Record<string, string>>;

/** A pod, as a Deployment, Job or CronJob describes it. */
export interface Pod {
  readonly owner: string;
  readonly labels: Labels;
  readonly spec: {
    readonly automountServiceAccountToken?: boolean;
    readonly terminationGracePeriodSeconds?: number;
    readonly securityContext?: {
      readonly runAsNonRoot?: boolean;
      readonly runAsUser?: number;
      readonly seccompProfile?: { readonly type: string };
    };
    readonly containers: readonly Container[];
    readonly volumes?: readonly {
      readonly name: string;
      readonly secret?: { readonly secretName: string };
      readonly emptyDir?: object;
      readonly configMap?: { readonly name: string };
    }[];
  };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly volumeMounts?: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly readOnly?: boolean;
  }[];
  readonly resources?: { readonly requests?: { cpu?: string; memory?: string }; readonly limits?: { memory?: string } };
  readonly securityContext?: {
    readonly allowPrivilegeEscalation?: boolean;
    readonly readOnlyRootFilesystem?: boolean;
    readonly capabilities?: { readonly drop?: readonly string[] };
  };
  readonly livenessProbe?: object;
  readonly readinessProbe?: object;
  readonly lifecycle?: { readonly preStop?: { readonly exec: { readonly command: readonly string[] } } };
}

export interface Kustomization {
  readonly resources: readonly string[];
  readonly images?: readonly { readonly name: string; readonly newTag: string }[];
  readonly configMapGenerator?: readonly {
    readonly name: string;
    readonly behavior?: string;
    readonly literals: readonly string[];
  }[];
  readonly patches?: readonly { readonly path: string; readonly target?: object }[];
}

export const KUBERNETES = 'deploy/kubernetes';
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Every file below deploy/kubernetes, from the repository's root. */
export function files(folder = KUBERNETES): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? files(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]))
    .toSorted();
}

/** The kustomization of a folder. */
export function kustomization(folder: string): Kustomization {
  return parse(read(`${folder}/kustomization.yaml`)) as Kustomization;
}

/** What a file holds, each of its documents; a list of patches is none of these. */
export function manifestsOf(file: string): Manifest[] {
  return parseAllDocuments(read(file)).map((document) => {
    if (document.errors.length > 0)
      throw new Error(`${file}: ${document.errors.map(({ message }) => message).join('; ')}`);
    if (!isMap(document.contents)) throw new Error(`${file} holds something that is no manifest.`);
    return { file, ...(document.toJS() as Omit<Manifest, 'file'>) };
  });
}

/** The base's manifests. */
export function base(): Manifest[] {
  return kustomization(`${KUBERNETES}/base`).resources.flatMap((file) => manifestsOf(join(KUBERNETES, 'base', file)));
}

/** The pods that Deployments, Jobs and CronJobs make. */
export function podsOf(manifests: readonly Manifest[]): Pod[] {
  return manifests.flatMap(({ kind, metadata, spec }) => {
    if (!['Deployment', 'Job', 'CronJob'].includes(kind)) return [];
    const { template } = (kind === 'CronJob' ? (spec['jobTemplate'] as { spec: object }).spec : spec) as {
      template: { metadata: { labels: Labels }; spec: Pod['spec'] };
    };
    return [{ owner: metadata.name, labels: template.metadata.labels, spec: template.spec }];
  });
}

const MODULES: Readonly<Record<string, string>> = {
  v1: 'core/v1',
  'apps/v1': 'apps/v1',
  'batch/v1': 'batch/v1',
  'networking.k8s.io/v1': 'networking/v1',
  'policy/v1': 'policy/v1',
};

/** A TypeScript source that compiles when every manifest has the fields of its kind, and no others. */
export function typeScriptOf(manifests: readonly Manifest[]): string {
  const lines = [
    'type Part<T> = T extends (infer Item)[] ? Part<Item>[] ' +
      ': T extends object ? { [Key in keyof T]?: Part<T[Key]> } : T;',
  ];
  for (const { file, ...manifest } of manifests) {
    const module = MODULES[manifest.apiVersion];
    if (module === undefined) throw new Error(`${file}: no types are known for ${manifest.apiVersion}`);
    const type = `import('kubernetes-types/${module}').${manifest.kind}`;
    // An overlay's file is laid over the whole one, and holds only what differs.
    const checked = dirname(file).includes('/overlays/') ? `Part<${type}>` : type;
    lines.push(
      `export const _${lines.length}: ${checked} = ${JSON.stringify(manifest)}; ` +
        `// ${file} ${manifest.kind} ${manifest.metadata.name}`,
    );
  }
  return lines.join('\n');
}
