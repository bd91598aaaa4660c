import type { CredentialKind } from './credentials.ts';

/** One measured route of one application. */
export interface Cell {
  /** Its line in the table. */
  readonly name: string;
  readonly app: string;
  readonly path: string;
  readonly credential: CredentialKind;
}

/** Applications of the product: the built API as it ships, as `npm start` runs it, and with `cache: false`. */
export const PRODUCT_APPS: Readonly<Record<string, NodeJS.ProcessEnv>> = {
  product: {},
  'product-started': {},
  'product-uncached': { CACHE: 'off' },
};

export const OPEN = 'the same application, route without a guard';
export const BEARER = 'Session Guard, bearer';
export const STARTED = 'Session Guard, bearer, by `npm start`';
export const COOKIE = 'Session Guard, signed cookie';
export const JWT = 'Session Guard, JWT';
export const UNCACHED = 'Session Guard, `cache: false`';
export const JOSE = 'EdDSA by jose, each request';
export const FIND_ONE = 'TypeORM `findOne` with the user, each request';
export const THALLESP = '@thallesp/nestjs-better-auth, Fastify';

/** `GET /me`. */
export const ME: readonly Cell[] = [
  { name: 'bare Nest on Fastify, no guard, no logging', app: 'bare', path: '/me', credential: 'bearer' },
  { name: OPEN, app: 'product', path: '/api/bench/open', credential: 'bearer' },
  { name: BEARER, app: 'product', path: '/api/me', credential: 'bearer' },
  { name: STARTED, app: 'product-started', path: '/api/me', credential: 'bearer' },
  { name: COOKIE, app: 'product', path: '/api/me', credential: 'cookie' },
  { name: JWT, app: 'product', path: '/api/me', credential: 'eddsa' },
  { name: UNCACHED, app: 'product-uncached', path: '/api/me', credential: 'bearer' },
  { name: JOSE, app: 'jose', path: '/me', credential: 'eddsa' },
  { name: 'bare Nest on Express, no guard, no logging', app: 'bare-express', path: '/me', credential: 'bearer' },
  { name: 'HS256 by passport-jwt, Express', app: 'passport', path: '/me', credential: 'hs256' },
  { name: FIND_ONE, app: 'find-one', path: '/me', credential: 'bearer' },
  {
    name: 'Better Auth `getSession` with cookieCache',
    app: 'get-session-cached',
    path: '/me',
    credential: 'cached-cookie',
  },
  { name: 'Better Auth `getSession`', app: 'get-session', path: '/me', credential: 'bearer' },
  { name: THALLESP, app: 'thallesp-fastify', path: '/me', credential: 'bearer' },
  { name: '@thallesp/nestjs-better-auth, Express', app: 'thallesp-express', path: '/me', credential: 'bearer' },
];

/** A list of twenty rows. */
export const LIST: readonly Cell[] = [
  { name: 'bare Nest on Fastify, no guard, no policies', app: 'bare', path: '/tasks', credential: 'bearer' },
  { name: BEARER, app: 'product', path: '/api/tasks?limit=20', credential: 'bearer' },
  { name: UNCACHED, app: 'product-uncached', path: '/api/tasks?limit=20', credential: 'bearer' },
  { name: JOSE, app: 'jose', path: '/tasks', credential: 'eddsa' },
  { name: FIND_ONE, app: 'find-one', path: '/tasks', credential: 'bearer' },
  { name: THALLESP, app: 'thallesp-fastify', path: '/tasks', credential: 'bearer' },
  { name: '@thallesp/nestjs-better-auth, Express', app: 'thallesp-express', path: '/tasks', credential: 'bearer' },
];
