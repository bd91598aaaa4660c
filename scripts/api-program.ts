/** How a program of the API is run: `main`, `database/migrate`. */
export type ApiProgram = (name: string) => string[];

/** As it was built. */
export const builtProgram: ApiProgram = (name) => [`backend/dist/${name}.js`];

/** From its sources, without a build and without a type check. */
export const sourceProgram: ApiProgram = (name) => ['--import', './scripts/from-sources.mjs', `backend/src/${name}.ts`];
