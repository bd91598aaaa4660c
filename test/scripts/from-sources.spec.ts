import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/root.ts';

const SERVICE = `
import 'reflect-metadata';
import { AuthModule } from '@session-guard/auth';
class Store {}
const Injectable = (): ClassDecorator => () => undefined;
@Injectable()
class Service { constructor(readonly store: Store) {} }
const types = Reflect.getMetadata('design:paramtypes', Service);
console.log(AuthModule.name, types.map(({ name }: { name: string }) => name).join());`;

it('what runs from its sources keeps the types that Nest injects by, and finds the libraries without a build', () => {
  // Below the repository, where packages are found.
  const folder = mkdtempSync(join(ROOT, 'test/scripts/.metadata-'));
  try {
    const file = join(folder, 'service.ts');
    writeFileSync(file, SERVICE);
    const command = ['--import', './scripts/from-sources.mjs', file];
    expect(execFileSync(process.execPath, command, { cwd: ROOT, encoding: 'utf8' })).toBe('AuthModule Store\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
