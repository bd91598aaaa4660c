import type { Supervisor } from '../../scripts/supervisor.ts';
import { ApiProcess, type ApiOptions } from './api.process.ts';
import type { DatabaseServer } from './database.server.ts';
import { HttpClient } from './http.ts';
import { Judge } from './judge.ts';
import type { LiveSession, People } from './people.ts';
import { startReaders } from './readers.ts';
import { Revocations } from './revocations.ts';
import { Writers } from './writers.ts';

const READERS = 4;
const WRITERS = 2;
const REVOKERS = 3;
/** One user for each credential, so that all four are under load. */
const USERS = 4;

/** What a fault may lay hands on. */
export interface Stage {
  readonly server: DatabaseServer;
  readonly api: ApiProcess;
  readonly http: HttpClient;
  readonly people: People;
  readonly judge: () => Judge;
}

/** An API under load, on which one fault follows the other. */
export class Cast implements Stage {
  #judge = new Judge();
  readonly judge = (): Judge => this.#judge;
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
    this.#writers = new Writers(http, this.judge, writers);
    this.#revocations = new Revocations(
      http,
      this.judge,
      people,
      readers.map(({ userId }) => userId),
    );
  }

  static async create(
    server: DatabaseServer,
    people: People,
    supervisor: Supervisor,
    options: ApiOptions,
  ): Promise<Cast> {
    const api = await ApiProcess.start(supervisor, options);
    const signIn = async (): Promise<LiveSession> => people.signIn(await people.signUp());
    const readers = await Promise.all(Array.from({ length: USERS }, signIn));
    const writers = await Promise.all(Array.from({ length: WRITERS }, signIn));
    return new Cast(server, people, api, new HttpClient(() => api.port), readers, writers);
  }

  /** Runs `work` under load, and says what the load met. */
  async underLoad(work: (judge: Judge) => Promise<void>): Promise<Outcome> {
    this.#judge = new Judge();
    this.#revocations.report = { revoked: 0, latestServedMs: 0 };
    const load = [
      startReaders(READERS, this.http, this.judge, this.readers),
      this.#writers.start(),
      this.#revocations.start(REVOKERS),
    ];
    try {
      await work(this.#judge);
    } finally {
      await Promise.all(load.map((part) => part.stop()));
    }
    const audit = await this.#writers.audit(this.server.owner);
    return { ...this.#judge.tally, ...this.#revocations.report, ...audit };
  }

  /** Lines the API printed so far with a session token in them. */
  leaks(): number {
    return this.api.output.filter((line) => line.match(/[0-9a-f]{32}/g)?.some((word) => this.people.tokens.has(word)))
      .length;
  }

  async stop(): Promise<void> {
    await this.api.stop();
    this.http.close();
  }
}

/** What a scenario came to. */
export type Outcome = Judge['tally'] & Revocations['report'] & Awaited<ReturnType<Writers['audit']>>;
