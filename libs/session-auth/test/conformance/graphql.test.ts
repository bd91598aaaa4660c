import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import type { DynamicModule, Type } from '@nestjs/common';
import request from 'supertest';
import { graphqlContext } from '@session-guard/auth/graphql';
import { createTestApp } from '@session-guard/auth/testing';
import { routesFor, type Seen } from './routes.ts';
import { conformance, type Transport } from './suite.ts';

interface GraphqlBody {
  readonly data?: Readonly<Record<string, string>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly status?: number; readonly problem?: { readonly code: string } };
  }[];
}

function resolver(): Type {
  const Routes = routesFor((name) => Query(() => String, { name }));
  Resolver()(Routes);
  return Routes;
}

function graphql(name: string, platform: 'fastify' | 'express', module: () => DynamicModule): Transport {
  return {
    name,
    start: (world) =>
      createTestApp(
        { imports: [...world.modules({ contexts: [graphqlContext()] }), module()], providers: [resolver()] },
        { platform },
      ),
    ask: async (app, route, credential) => {
      const response = await request(app.getHttpServer())
        .post('/graphql')
        .set(credential)
        .send({ query: `{ ${route} }` });
      const raw = response.text;
      const { data, errors } = JSON.parse(raw) as GraphqlBody;
      const answer = data?.[route];
      if (answer) return { status: 200, seen: JSON.parse(answer) as Seen, raw };
      const extensions = errors?.[0]?.extensions;
      return { status: extensions?.status ?? response.status, code: extensions?.problem?.code, raw };
    },
  };
}

const apollo = () =>
  GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true, graphiql: false });
const mercurius = () =>
  GraphQLModule.forRoot<MercuriusDriverConfig>({ driver: MercuriusDriver, autoSchemaFile: true, graphiql: false });

conformance(graphql('Apollo on Express', 'express', apollo));
conformance(graphql('Apollo on Fastify', 'fastify', apollo));
conformance(graphql('Mercurius on Fastify', 'fastify', mercurius));
