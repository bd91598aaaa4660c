import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allowTraversal, closedDirectory } from '../../../scripts/postgres/identity.ts';

const stranger = { uid: 64_123, gid: 64_123 };
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'session-guard-identity-'));
  chmodSync(home, 0o755);
  mkdirSync(join(home, 'open/inner'), { recursive: true });
  mkdirSync(join(home, 'closed/inner'), { recursive: true });
  chmodSync(join(home, 'closed'), 0o700);
});
afterEach(() => rmSync(home, { recursive: true }));

describe('closedDirectory', () => {
  it('is undefined where a stranger gets through', () => {
    expect(closedDirectory(join(home, 'open/inner'), stranger)).toBeUndefined();
  });

  it('names the directory that stops a stranger', () => {
    expect(closedDirectory(join(home, 'closed/inner'), stranger)).toBe(join(home, 'closed'));
  });

  it('lets the owner through', () => {
    const { uid, gid } = statSync(home);
    expect(closedDirectory(join(home, 'closed/inner'), { uid, gid })).toBeUndefined();
  });

  it('passes over what is not there yet', () => {
    expect(closedDirectory(join(home, 'open/later/data'), stranger)).toBeUndefined();
  });
});

it('allowTraversal opens the way through, not the view into, a directory', () => {
  allowTraversal(join(home, 'closed'));
  expect(statSync(join(home, 'closed')).mode & 0o777).toBe(0o711);
});
