import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import { GraphQLModule, Query, Resolver, Subscription } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { CurrentUser } from '@session-guard/auth';
import { graphqlContext } from '@session-guard/auth/graphql';
import { createTestApp } from '@session-guard/auth/testing';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { createWorld, TRUSTED_ORIGIN, type World } from './world.ts';

@Resolver()
class TicksResolver {
  @Query(() => String)
  hello() {
    return 'hello';
  }

  /** One value, then silence until the client or the guard ends it. */
  @Subscription(() => String, { resolve: (value: string) => value })
  async *mine(@CurrentUser('id') id: string): AsyncGenerator<string> {
    yield id;
    await new Promise<never>(() => undefined);
  }
}

const apollo = () =>
  GraphQLModule.forRoot<ApolloDriverConfig>({
    driver: ApolloDriver,
    autoSchemaFile: true,
    graphiql: false,
    subscriptions: { 'graphql-ws': true },
  });
const mercurius = () =>
  GraphQLModule.forRoot<MercuriusDriverConfig>({
    driver: MercuriusDriver,
    autoSchemaFile: true,
    graphiql: false,
    subscription: true,
  });

interface Heard {
  readonly values: string[];
  readonly errors: unknown[];
}

describe.each([
  ['Apollo on Express', 'express', apollo, 4401],
  ['Apollo on Fastify', 'fastify', apollo, 4401],
  ['Mercurius on Fastify', 'fastify', mercurius, 1006],
] as const)('a subscription in %s:', (_name, platform, module: () => DynamicModule, closeCode) => {
  let world: World;
  let app: INestApplication;
  const clients: Client[] = [];

  beforeAll(async () => {
    world = await createWorld();
    app = await createTestApp(
      { imports: [...world.modules({ contexts: [graphqlContext()] }), module()], providers: [TicksResolver] },
      { platform },
    );
    await app.listen(0, '127.0.0.1');
  });
  afterAll(async () => {
    for (const client of clients) await client.dispose();
    await app.close();
    await world.close();
  });

  /** Subscribes, and resolves with what came first: a value, an error, or the connection's end. */
  async function subscribe(headers: Record<string, string>, connectionParams?: Record<string, unknown>) {
    const url = `${(await app.getUrl()).replace('http', 'ws')}/graphql`;
    let close: (code: number) => void = () => undefined;
    const closed = new Promise<number>((resolve) => {
      close = resolve;
    });
    class Socket extends WebSocket {
      constructor(address: string, protocols: string[]) {
        super(address, protocols, { headers });
        this.once('close', close);
      }
    }
    const client = createClient({
      url,
      webSocketImpl: Socket,
      retryAttempts: 0,
      ...(connectionParams ? { connectionParams } : {}),
    });
    clients.push(client);
    const heard: Heard = { values: [], errors: [] };
    await new Promise<void>((resolve) => {
      client.subscribe<{ mine: string }>(
        { query: 'subscription { mine }' },
        {
          next: ({ data, errors }) => {
            if (data?.mine) heard.values.push(data.mine);
            if (errors) heard.errors.push(...errors);
            resolve();
          },
          error: (error) => {
            heard.errors.push(...(Array.isArray(error) ? (error as unknown[]) : [error]));
            resolve();
          },
          complete: resolve,
        },
      );
    });
    return { heard, closed };
  }

  it('connectionParams.authorization → values', async () => {
    const who = await world.kit.signIn();
    const { heard } = await subscribe({}, { authorization: `Bearer ${who.token}` });
    expect(heard).toEqual({ values: [who.userId], errors: [] });
  });

  it('no credential, an unknown token → refused, no value', async () => {
    for (const params of [undefined, { authorization: `Bearer ${'x'.repeat(32)}` }]) {
      const { heard } = await subscribe({}, params);
      expect(heard.values).toEqual([]);
      expect(JSON.stringify(heard.errors)).toContain('Sign in and send a valid session');
    }
  });

  it('the cookie with a trusted Origin → values; from a foreign page or none → refused', async () => {
    const who = await world.kit.signIn();
    const { heard } = await subscribe({ cookie: who.cookie, origin: TRUSTED_ORIGIN });
    expect(heard.values).toEqual([who.userId]);
    for (const origin of [{ origin: 'https://evil.example' }, {}]) {
      const foreign = await subscribe({ cookie: who.cookie, ...origin });
      expect(foreign.heard.values).toEqual([]);
      expect(JSON.stringify(foreign.heard.errors)).toContain('trusted Origin');
    }
  });

  it('the user banned, and nothing done to the session → the connection is cut', async () => {
    const who = await world.kit.signIn();
    const { closed } = await subscribe({}, { authorization: `Bearer ${who.token}` });
    await world.kit.ban(who.userId);
    await expect(closed).resolves.toBe(closeCode);
  });

  it('revoked while nobody could hear of it → the connection is cut once the database is back', async () => {
    const who = await world.kit.signIn();
    const { closed } = await subscribe({}, { authorization: `Bearer ${who.token}` });
    const restore = await world.takeDatabaseAway();
    await restore();
    await world.kit.revoke(who.sessionId);
    await expect(closed).resolves.toBe(closeCode);
  });

  it('the session revoked → the connection is cut within a second', async () => {
    const who = await world.kit.signIn();
    const { heard, closed } = await subscribe({}, { authorization: `Bearer ${who.token}` });
    expect(heard.values).toEqual([who.userId]);
    const startedAt = performance.now();
    await world.kit.revoke(who.sessionId);
    await expect(closed).resolves.toBe(closeCode);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
