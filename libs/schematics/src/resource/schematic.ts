import { type Rule, SchematicsException, type Tree } from '@angular-devkit/schematics';
import { planResource } from './plan.ts';
import type { Project } from './project.ts';
import { Refusal } from './refusal.ts';

/** Options as `nest generate` gives them; what it always adds and this doesn't use is left out. */
export interface ResourceSchematicOptions {
  readonly name: string;
  readonly fields: string;
}

/**
 * `nest generate -c @session-guard/schematics resource <name>`. It writes what `npm run generate` writes, and then says
 * which command brings the OpenAPI document and the client up to date.
 */
export function resource({ name, fields }: ResourceSchematicOptions): Rule {
  return (tree, { logger }) => {
    try {
      for (const { kind, path, content } of planResource({ name, fields }, projectOf(tree))) {
        if (kind === 'create') tree.create(path, content);
        else tree.overwrite(path, content);
      }
    } catch (error) {
      if (error instanceof Refusal) throw new SchematicsException(error.message);
      throw error;
    }
    logger.info('Next: npm run openapi, which regenerates the document and the client.');
    return tree;
  };
}

function projectOf(tree: Tree): Project {
  return {
    read: (path) => tree.read(path)?.toString('utf8'),
    list: (folder) => {
      const files: string[] = [];
      tree.getDir(folder).visit((path) => files.push(path.slice(1)));
      return files;
    },
  };
}
