import { authConfig } from './auth.config.ts';

const GOOD = { baseURL: 'https://app.example.com/base', secret: 'q7hK2pWz9sLx4vNc8bRt6yUe1mDf3gJa' };

describe('authConfig', () => {
  it('calls the realm api, and limits no lookups', () => {
    expect(authConfig(GOOD)).toMatchObject({ realm: 'api', lookupLimit: undefined, bearer: 'any' });
  });

  it('takes a realm without what would end its quotes', () => {
    const lookupLimit = { begin: () => undefined, end: () => undefined };
    expect(authConfig({ ...GOOD, realm: 'say "api"\\', lookupLimit })).toMatchObject({ realm: 'say api', lookupLimit });
  });

  it('refuses what the core refuses', () => {
    expect(() => authConfig({ ...GOOD, secret: '' })).toThrow(/secret .*is missing/);
  });
});
