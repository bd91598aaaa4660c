import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../scripts/root.ts';

/** What was measured on, in a line. */
export function machine(): string {
  const [first] = cpus();
  return (
    `${cpus().length} × ${first?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ` +
    `${type()} ${release()}, Node ${process.versions.node}`
  );
}

/** How busy the machine was with other things: processes that wanted a processor, a minute's mean. */
export function load(): number {
  return loadavg()[0] ?? Number.NaN;
}

const PACKAGES = [
  '@nestjs/core',
  '@nestjs/platform-fastify',
  '@nestjs/platform-express',
  'fastify',
  'typeorm',
  'pg',
  'better-auth',
  '@thallesp/nestjs-better-auth',
  'jose',
  'passport-jwt',
  '@nestjs/passport',
];

/** The versions that were run, as installed for the benchmark. */
export function versions(): string {
  return PACKAGES.map((name) => `${name} ${versionOf(name)}`).join(' · ');
}

function versionOf(name: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(ROOT, 'bench/node_modules', name, 'package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '?';
}
