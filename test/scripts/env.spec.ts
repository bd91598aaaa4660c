import { readSettings, SettingsError } from '../../scripts/env.ts';
import { ROOT } from '../../scripts/root.ts';

const problemsOf = (env: Record<string, string>): string => {
  try {
    readSettings(env);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return (error as Error).message;
  }
  throw new Error('accepted');
};

describe('readSettings', () => {
  it('needs nothing', () => {
    expect(readSettings({})).toEqual({
      webPort: 3000,
      apiPort: 4000,
      host: '127.0.0.1',
      dataDir: `${ROOT}/.data`,
      databaseUrl: undefined,
      hasSecret: false,
      metricsPort: undefined,
      webUrl: 'http://localhost:3000',
      apiUrl: 'http://localhost:4000',
    });
  });

  it('takes blank for unset', () => {
    expect(readSettings({ WEB_PORT: '', DATABASE_URL: ' ', BETTER_AUTH_SECRET: '' })).toMatchObject({
      webPort: 3000,
      databaseUrl: undefined,
      hasSecret: false,
    });
  });

  it('lets addresses follow the ports, and follows addresses that are given', () => {
    expect(readSettings({ WEB_PORT: '3100', NEXT_PUBLIC_API_BASE_URL: 'https://api.example.com/' })).toMatchObject({
      webUrl: 'http://localhost:3100',
      apiUrl: 'https://api.example.com',
    });
  });

  it("counts a relative DATA_DIR from the caller's directory", () => {
    expect(readSettings({ DATA_DIR: 'here' }, '/somewhere').dataDir).toBe('/somewhere/here');
  });

  it('lists every wrong key with its fix, and no value', () => {
    const message = problemsOf({
      WEB_PORT: '80a',
      API_PORT: '70000',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      METRICS_PORT: '-3',
      BETTER_AUTH_URL: 'ftp://secret.example',
    });
    for (const key of ['WEB_PORT', 'API_PORT', 'DATABASE_URL', 'METRICS_PORT', 'BETTER_AUTH_URL'])
      expect(message).toMatch(new RegExp(`^  ${key} must `, 'm'));
    expect(message).not.toMatch(/80a|70000|hunter2|mysql|-3|secret\.example/);
  });

  it('refuses a port that no browser opens, where waiting for an answer would be in vain', () => {
    expect(problemsOf({ API_PORT: '4190' })).toMatch(/API_PORT is a port that browsers refuse/);
  });

  it('refuses one port for both', () => {
    expect(problemsOf({ WEB_PORT: '4000' })).toContain('API_PORT must differ from WEB_PORT');
  });
});
