/** Imports flow one way: backend → libs, frontend → api-client. These rules are that sentence as code. */
const LIBRARIES = 'core|session-auth|user-isolation|api-client|schematics';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'A cycle means that neither file can be understood, or loaded, without the other.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'libs-know-no-application',
      comment: 'A library that imports an application can be used by that one only.',
      severity: 'error',
      from: { path: '^libs/', pathNot: '(\\.(test|spec)\\.ts$|^libs/[^/]+/(test|bench)/)' },
      to: { path: '^(backend|frontend|scripts|test|e2e)/' },
    },
    {
      name: 'libs-tests-know-no-application',
      comment: 'A library is tested on its own: with the test kit, without an application.',
      severity: 'error',
      from: { path: '^libs/(.*\\.(test|spec)\\.ts$|[^/]+/(test|bench)/)' },
      to: { path: '^(backend|frontend)/' },
    },
    {
      name: 'libs-know-no-other-library',
      comment: 'Each library is published alone; auth and isolation stand on core.',
      severity: 'error',
      from: { path: `^libs/(${LIBRARIES})/`, pathNot: '\\.(test|spec)\\.ts$' },
      to: { path: `^libs/(${LIBRARIES})/`, pathNot: '^libs/($1/|core/src/index\\.ts$)' },
    },
    {
      name: 'core-stands-alone',
      comment: 'The core is for any framework and any ORM, or none.',
      severity: 'error',
      from: { path: '^libs/core/src/' },
      to: { path: '(^libs/(?!core/)|node_modules/(@nestjs|typeorm|rxjs|reflect-metadata)/)' },
    },
    {
      name: 'typeorm-internals-from-one-file',
      comment: "TypeORM's inner files change without notice: one file uses them, and its test says what broke.",
      severity: 'error',
      from: {
        path: '^(backend|libs/[^/]+)/src/',
        pathNot: '^libs/user-isolation/src/database/typeorm-internals\\.ts$',
      },
      to: { path: 'node_modules/typeorm/.+/' },
    },
    {
      name: 'pg-internals-from-their-users',
      comment: 'What pg does not document is behind one file in each library; only these build on it.',
      severity: 'error',
      from: {
        path: '^(backend|libs/[^/]+)/src/',
        pathNot:
          '^libs/(core/src/postgres/notice\\.listener|user-isolation/src/fast/(owner\\.query|shared\\.connections))\\.ts$',
      },
      to: { path: '/pg-internals\\.ts$' },
    },
    {
      name: 'isolation-goes-the-plain-way-without-the-fast-one',
      comment: 'The data source chooses the fast way, and the repository reads rows by it; nothing else knows it.',
      severity: 'error',
      from: {
        path: '^libs/user-isolation/src/(?!fast/)',
        pathNot:
          '(^libs/user-isolation/src/(database/isolated\\.data-source|entities/owned\\.repository)|\\.spec)\\.ts$',
      },
      to: { path: '^libs/user-isolation/src/fast/' },
    },
    {
      name: 'library-by-its-front-door',
      comment: "From outside, a library is what its index.ts exports, or a named subpath's index.ts.",
      severity: 'error',
      from: { path: '^(backend|frontend)/' },
      to: {
        path: `^libs/(${LIBRARIES})/src/`,
        pathNot: `^libs/(${LIBRARIES})/src/((graphql|websockets|openapi|testing)/)?index\\.ts$`,
      },
    },
    {
      name: 'frontend-knows-the-api-by-its-client',
      severity: 'error',
      from: { path: '^frontend/' },
      to: { path: '^(backend|libs/(core|session-auth|user-isolation|schematics))/' },
    },
    {
      name: 'frontend-without-server-frameworks',
      comment: 'The web application is not a second API.',
      severity: 'error',
      from: { path: '^frontend/src/' },
      to: { path: 'node_modules/(@nestjs|typeorm|fastify)/' },
    },
    {
      name: 'backend-without-the-auth-server',
      comment: 'The API trusts Better Auth through the database, and shares none of its code.',
      severity: 'error',
      from: { path: '^(backend|libs/(core|session-auth|user-isolation))/src/', pathNot: '\\.(test|spec)\\.ts$' },
      to: { path: '(^frontend/|node_modules/better-auth/)' },
    },
    {
      name: 'product-without-tests',
      comment: 'What ships needs nothing of the test kit.',
      severity: 'error',
      from: { path: '^(backend|frontend|libs/[^/]+)/src/', pathNot: '\\.(test|spec)\\.tsx?$' },
      to: { path: '(^test/|^e2e/|^backend/test/|\\.(test|spec)\\.tsx?$)' },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      // Next's own reference in next.d.ts is to a declaration file its package doesn't export.
      to: { couldNotResolve: true, pathNot: '^next/' },
    },
    {
      name: 'declared-dependencies',
      comment:
        'What is imported at run time is a dependency of the package, not of a tool that happens to be installed.',
      severity: 'error',
      from: { path: '^(backend|frontend|libs/[^/]+)/src/', pathNot: '\\.(test|spec)\\.tsx?$' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(/dist/|/\\.next/|libs/schematics/src/.*/files/)' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
