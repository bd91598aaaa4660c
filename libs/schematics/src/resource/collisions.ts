import { FILES, type Project } from './project.ts';
import { Refusal } from './refusal.ts';
import type { Resource } from './resource.ts';

/**
 * Looks whether a name is taken: by a folder, an entity, a table, a route or a schema of the document.
 *
 * @throws {Refusal} naming what is there
 */
export function refuseExisting(project: Project, { names }: Resource): void {
  const folder = `backend/src/${names.kebabPlural}`;
  const taken =
    project.list(folder)[0] ??
    [`backend/src/${names.kebab}`].flatMap((other) => project.list(other))[0] ??
    project.read(testPath(names.kebabPlural));
  if (taken !== undefined)
    throw new Refusal(
      `"${names.title}" is there already (${project.list(folder).length > 0 ? folder : taken.split('\n')[0]}). ` +
        'Nothing was written.',
    );
  for (const path of project.list('backend/src').filter((file) => file.endsWith('.entity.ts'))) {
    const text = project.read(path) ?? '';
    if (new RegExp(`@Entity\\(\\s*['"]${names.snake}['"]`).test(text))
      throw new Refusal(`The table "${names.snake}" is there already: ${path}. Nothing was written.`);
    if (new RegExp(`class ${names.pascal}Entity\\b`).test(text))
      throw new Refusal(`The class ${names.pascal}Entity is there already: ${path}. Nothing was written.`);
  }
  refuseDocumented(project, names);
}

function refuseDocumented(project: Project, names: Resource['names']): void {
  const text = project.read(FILES.openapi);
  if (text === undefined) return;
  const document = JSON.parse(text) as {
    paths?: Record<string, unknown>;
    components?: { schemas?: Record<string, unknown> };
  };
  const path = Object.keys(document.paths ?? {}).find(
    (known) => known === `/api/${names.kebabPlural}` || known.startsWith(`/api/${names.kebabPlural}/`),
  );
  if (path !== undefined) throw new Refusal(`The route ${path} is there already. Nothing was written.`);
  const schemas = [
    names.pascal,
    `Create${names.pascal}`,
    `Update${names.pascal}`,
    `${names.pascal}List`,
    `${names.pascal}Response`,
  ];
  const schema = schemas.find((name) => document.components?.schemas?.[name] !== undefined);
  if (schema !== undefined) {
    throw new Refusal(
      `The OpenAPI document has a schema "${schema}" already: choose another name than "${names.title}". Nothing ` +
        'was written.',
    );
  }
}

/** Where the tests of a resource are. */
export function testPath(kebabPlural: string): string {
  return `backend/test/${kebabPlural}.test.ts`;
}
