import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

/** Nothing here may depend on the environment of the build: addresses and secrets are read when the server starts. */
const config: NextConfig = {
  // The lockfile and the workspace packages live one level up; without this Turbopack guesses.
  turbopack: { root: fileURLToPath(new URL('..', import.meta.url)) },
  transpilePackages: ['@session-guard/api-client'],
  poweredByHeader: false,
  reactStrictMode: true,
  typedRoutes: false,
  // pg and nodemailer are plain Node packages; bundling them gains nothing and breaks pg's optional requires.
  serverExternalPackages: ['pg', 'nodemailer', 'better-auth'],
};

export default config;
