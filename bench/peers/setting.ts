/** What a contender's process is told. */
export interface Setting {
  /** The contender's name, one of `PEERS`. */
  readonly peer: string;
  readonly port: number;
  /** As the owner: the peers know no restricted role. */
  readonly databaseUrl: string;
  readonly secret: string;
  /** Better Auth's origin: issuer and audience. */
  readonly origin: string;
  /** The public key of EdDSA tokens, as a JWK. */
  readonly publicKey: string;
}

export function readSetting(): Setting {
  const read = (key: string): string => {
    const value = process.env[key];
    if (!value) throw new Error(`${key} is missing: contenders are started by npm run bench.`);
    return value;
  };
  return {
    peer: read('PEER'),
    port: Number(read('PORT')),
    databaseUrl: read('DATABASE_URL'),
    secret: read('BETTER_AUTH_SECRET'),
    origin: read('BETTER_AUTH_URL'),
    publicKey: read('PUBLIC_KEY'),
  };
}
