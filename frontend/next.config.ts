import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

/** Nothing here may depend on the environment of the build: addresses and secrets are read when the server starts. */
const config: NextConfig = {
  // The lockfile and the workspace packages live one level up; without this Turbopack guesses.
  turbopack: { root: fileURLToPath(new URL('..', import.meta.url)) },
  transpilePackages: ['@session-guard/api-client'],
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run types` checks the same files; a newcomer's first start needn't do it again.
  typescript: { ignoreBuildErrors: true },
  typedRoutes: false,
  headers: () =>
    Promise.resolve([
      { source: '/:path*', headers: [{ key: 'X-Content-Type-Options', value: 'nosniff' }] },
      {
        // Scripts, styles and fonts are fetched by the dozen and have no use for these.
        source: '/((?!_next/static/).*)',
        headers: [
          { key: 'X-Frame-Options', value: 'DENY' },
          // A reset link carries its token in the address: no other site may be told where a person came from.
          { key: 'Referrer-Policy', value: 'same-origin' },
          { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=(), payment=(), usb=()' },
          { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
        ],
      },
    ]),
  // Plain Node packages; bundling them gains nothing and breaks pg's optional requires.
  serverExternalPackages: [
    'pg',
    'nodemailer',
    'better-auth',
    '@opentelemetry/context-async-hooks',
    '@opentelemetry/core',
    '@opentelemetry/exporter-trace-otlp-http',
    '@opentelemetry/resources',
    '@opentelemetry/sdk-trace-base',
  ],
};

export default config;
