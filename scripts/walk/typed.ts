/** What is where, once the walk has begun. */
export interface Places {
  readonly web: number;
  readonly api: number;
  /** For a second pair beside the first. */
  readonly secondWeb: number;
  readonly secondApi: number;
  /** A directory that goes when the walk ends. */
  readonly scratch: string;
  /** The PostgreSQL that stands for a service's, as soon as a document asks for one. */
  readonly service?: { readonly host: string; readonly password: string; readonly authority: string };
}

/**
 * What a reader types where a document leaves something to them. This is all that the walk changes in a command; what a
 * document leaves open beside it isn't run.
 */
const ANSWERS: ReadonlyArray<readonly [RegExp, (places: Places) => string]> = [
  [/"<name>" --fields "…"/g, () => '"invoice" --fields "number:text(40) total:int?"'],
  [/<tag>/g, () => 'HEAD'],
  [/<old>/g, () => '$(cat .data/better-auth.secret)'],
  [/\blocalhost:3000\b/g, ({ web }) => `localhost:${web}`],
  [/\blocalhost:4000\b/g, ({ api }) => `localhost:${api}`],
  [/\bWEB_PORT=3100\b/g, ({ secondWeb }) => `WEB_PORT=${secondWeb}`],
  [/\bAPI_PORT=4100\b/g, ({ secondApi }) => `API_PORT=${secondApi}`],
  [/\/tmp\/rehearsal\b/g, ({ scratch }) => `${scratch}/rehearsal`],
  // As docs/deploy/managed-postgresql.md says for a service whose authority is its own.
  [
    /\bdb\.example\.com:5432\b([^'\s]*\?sslmode=verify-full)/g,
    ({ service }) =>
      `${service?.host ?? 'localhost:5432'}$1${service === undefined ? '' : `&sslrootcert=${service.authority}`}`,
  ],
  [/=\.\/ca\.pem\b/g, ({ service }) => `=${service?.authority ?? './ca.pem'}`],
  [/\bPASSWORD(?=@)/g, ({ service }) => encodeURIComponent(service?.password ?? 'password')],
];

/** What a reader types on the throw-away server: its name, and where its copy of the repository comes from. */
const SERVER_ANSWERS: ReadonlyArray<readonly [RegExp, string]> = [
  [/\btasks\.example\.com\b/g, 'localhost'],
  [/https:\/\/git\.example\.com\/session-guard\.git/g, '/srv/session-guard.git'],
];

/** What only that PostgreSQL answers. */
export const SERVICE = /\bdb\.example\.com\b|\.\/ca\.pem\b/;

/** A command of a document, as it is typed in the clone. */
export function typed(text: string, places: Places): string {
  return ANSWERS.reduce((answered, [open, answer]) => answered.replace(open, answer(places)), text);
}

/** A command of a document, as it is typed on the throw-away server. */
export function typedOnServer(text: string): string {
  return SERVER_ANSWERS.reduce((answered, [open, answer]) => answered.replace(open, answer), text);
}
