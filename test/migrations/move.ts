import { afterOf, beforeOf } from './guide.ts';
import {
  createWorld,
  migrate,
  setEnv,
  signUp,
  start,
  startAuthServer,
  type Auth,
  type AuthServer,
  type Person,
  type RunningApp,
  type TestWorld,
} from './world.ts';

/** The application of a guide before and after it, side by side on one database. */
export interface Move {
  readonly world: TestWorld;
  readonly before: RunningApp;
  readonly after: RunningApp;
  /** Serves Better Auth's routes as they are after the move. */
  readonly server: AuthServer;
  /** Better Auth's `baseURL`. */
  readonly baseURL: string;
  /** Somebody new, signed up at {@link server}. */
  signUp(): Promise<Person>;
  close(): Promise<void>;
}

export interface Setting {
  /** @default the auth server's own address */
  readonly baseURL?: string;
  /** Better Auth before the move, on the auth server. Absent where the application serves it itself. */
  readonly auth?: (world: TestWorld) => Promise<Auth>;
  /** Better Auth after the move. @default what it was before */
  readonly movedAuth?: () => Promise<Auth>;
}

/** Starts both applications, in the order of a deployment. The guide must have been followed. */
export async function startMove(name: string, { baseURL: address, auth, movedAuth }: Setting): Promise<Move> {
  const world = await createWorld();
  const server = await startAuthServer();
  const baseURL = address ?? server.url;
  setEnv(world.ownerUrl, baseURL);
  if (auth) server.serve(await auth(world));
  await migrate(beforeOf(name), world.ownerUrl);
  const before = await start(beforeOf(name));
  if (movedAuth) server.serve(await movedAuth());
  await migrate(afterOf(name), world.ownerUrl);
  setEnv(world.apiUrl, baseURL);
  const after = await start(afterOf(name));
  return {
    world,
    before,
    after,
    server,
    baseURL,
    signUp: () => signUp(server.url, baseURL),
    close: async () => {
      await Promise.all([before.close(), after.close()]);
      await server.close();
      await world.close();
    },
  };
}
