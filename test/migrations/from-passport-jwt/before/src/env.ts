function required(key: string): string {
  const value = process.env[key];
  if (!value) throw new Error(`${key} is missing.`);
  return value;
}

export const env = {
  databaseUrl: required('DATABASE_URL'),
  betterAuthUrl: required('BETTER_AUTH_URL'),
};
