import { Converter } from 'typedoc';

/** Modules are called as they are imported, not as they lie in the repository. */
const PACKAGES = {
  core: '@session-guard/core',
  'session-auth': '@session-guard/auth',
  'user-isolation': '@session-guard/isolation',
  'api-client': '@session-guard/api-client',
  schematics: '@session-guard/schematics',
};

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? []) {
      const [folder = '', , subpath] = module.name.split('/');
      const name = PACKAGES[folder];
      if (name !== undefined) module.name = subpath === undefined ? name : `${name}/${subpath}`;
    }
  });
}
