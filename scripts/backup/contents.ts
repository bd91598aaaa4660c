/** What of `DATA_DIR` a backup holds beside the cluster: without them the data can't be used. */
export const SECRETS = ['better-auth.secret', 'postgres.password', 'demo.json'];

/** The cluster's directory within a backup. */
export const CLUSTER = 'postgres';

export const MANIFEST = 'backup.json';

/** First file of a backup: what it is, so that a wrong one is refused before anything is touched. */
export interface Manifest {
  format: 'session-guard-backup/1';
  /** Of the cluster: the files of one major version mean nothing to another. */
  postgresMajor: string;
  /** `linux-x64`: PostgreSQL's files follow the machine's sizes and its sorting the system's. */
  platform: string;
  /** ISO 8601. */
  createdAt: string;
  /** Whether Better Auth's secret is among the files; it isn't when it came from the environment. */
  hasSecret: boolean;
}
