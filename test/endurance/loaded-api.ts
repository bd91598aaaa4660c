import type { Supervisor } from '../../scripts/supervisor.ts';
import { ApiProcess, type ApiOptions } from './api.process.ts';
import type { DatabaseServer } from './database.server.ts';
import { HttpClient } from './http.ts';
import { ResponseChecker } from './response-checker.ts';
import type { LiveSession, People } from './people.ts';
import { startReaders } from './readers.ts';
import { Revocations } from './revocations.ts';
import { Writers } from './writers.ts';

const READERS = 4;
const WRITERS = 2;
const REVOKERS = 3;
/** One user for each credential, so that all four are under load. */
const USERS = 4;

/** What a fault may use: the server and the API that it breaks, and clients. */
export interface FaultContext {
  readonly server: DatabaseServer;
  readonly api: ApiProcess;
  readonly http: HttpClient;
  readonly people: People;
  readonly checker: () => ResponseChecker;
}

/** An API under load, to which faults happen one after another. */
export class LoadedApi implements FaultContext {
  #checker = new ResponseChecker();
  readonly checker = (): ResponseChecker => this.#checker;
  readonly #writers: Writers;
  readonly #revocations: Revocations;

  private constructor(
    readonly server: DatabaseServer,
    readonly people: People,
    readonly api: ApiProcess,
    readonly http: HttpClient,
    private readonly readers: readonly LiveSession[],
    writers: readonly LiveSession[],
  ) {
    this.#writers = new Writers(http, this.checker, writers);
    this.#revocations = new Revocations(
      http,
      this.checker,
      people,
      readers.map(({ userId }) => userId),
    );
  }

  static async create(
    server: DatabaseServer,
    people: People,
    supervisor: Supervisor,
    options: ApiOptions,
  ): Promise<LoadedApi> {
    const api = await ApiProcess.start(supervisor, options);
    const signIn = async (): Promise<LiveSession> => people.signIn(await people.signUp());
    const readers = await Promise.all(Array.from({ length: USERS }, signIn));
    const writers = await Promise.all(Array.from({ length: WRITERS }, signIn));
    return new LoadedApi(server, people, api, new HttpClient(() => api.port), readers, writers);
  }

  /** Runs `work` under load and counts how the load was answered. */
  async underLoad(work: (checker: ResponseChecker) => Promise<void>): Promise<Outcome> {
    this.#checker = new ResponseChecker();
    this.#revocations.report = { revoked: 0, latestServedMs: 0 };
    const load = [
      startReaders(READERS, this.http, this.checker, this.readers),
      this.#writers.start(),
      this.#revocations.start(REVOKERS),
    ];
    try {
      await work(this.#checker);
    } finally {
      await Promise.all(load.map((part) => part.stop()));
    }
    const audit = await this.#writers.audit(this.server.owner);
    return { ...this.#checker.tally, ...this.#revocations.report, ...audit };
  }

  /** How many lines of the API's output contain a session token. */
  leaks(): number {
    return this.api.output.filter((line) => line.match(/[0-9a-f]{32}/g)?.some((word) => this.people.tokens.has(word)))
      .length;
  }

  async stop(): Promise<void> {
    await this.api.stop();
    this.http.close();
  }
}

/** The counts of one scenario. */
export type Outcome = ResponseChecker['tally'] & Revocations['report'] & Awaited<ReturnType<Writers['audit']>>;
