import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import type { INestApplication } from '@nestjs/common';
import { Field, GraphQLModule, Mutation, ObjectType, Query, ResolveField, Resolver } from '@nestjs/graphql';
import request from 'supertest';
import { AllowAnonymous, CurrentUser, Roles, type VerdictSource } from '@session-guard/auth';
import { graphqlContext } from '@session-guard/auth/graphql';
import { createTestApp, type SignedIn } from '@session-guard/auth/testing';
import { createWorld, TRUSTED_ORIGIN, type World } from './world.ts';

@ObjectType()
class Cat {
  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  owner?: string;

  @Field(() => String, { nullable: true })
  chip?: string;
}

@Resolver(() => Cat)
class CatsResolver {
  @Query(() => [Cat])
  cats(): Cat[] {
    return ['Ada', 'Bob', 'Cleo'].map((name) => ({ name }));
  }

  @AllowAnonymous()
  @Query(() => [Cat])
  strays(): Cat[] {
    return [{ name: 'Nobody' }];
  }

  @Mutation(() => String)
  adopt(@CurrentUser('id') id: string) {
    return id;
  }

  @ResolveField(() => String, { nullable: true })
  owner(@CurrentUser('id') id: string) {
    return id;
  }

  @Roles(['admin'])
  @ResolveField(() => String, { nullable: true })
  chip() {
    return 'chip';
  }
}

interface Body {
  readonly data?: { readonly cats?: Record<string, string | null>[]; readonly adopt?: string } | null;
  readonly errors?: { readonly extensions: Record<string, unknown> }[];
}

describe('GraphQL fields and methods:', () => {
  let world: World;
  let app: INestApplication;
  let who: SignedIn;
  const sources: VerdictSource[] = [];

  beforeAll(async () => {
    world = await createWorld();
    app = await createTestApp({
      imports: [
        ...world.modules({
          contexts: [graphqlContext()],
          observer: { verdict: (_result, source) => sources.push(source) },
        }),
        GraphQLModule.forRoot<ApolloDriverConfig>({
          driver: ApolloDriver,
          autoSchemaFile: true,
          graphiql: false,
          fieldResolverEnhancers: ['guards'],
        }),
      ],
      providers: [CatsResolver],
    });
  });
  beforeEach(async () => {
    who = await world.kit.signIn({ role: 'user' });
    sources.length = 0;
  });
  afterAll(async () => {
    await app.close();
    await world.close();
  });

  const post = async (query: string, headers: Record<string, string>) => {
    const response = await request(app.getHttpServer()).post('/graphql').set(headers).send({ query });
    return response.body as Body;
  };

  it('field resolvers know the user; guarded ones are answered from memory', async () => {
    const { data } = await post('{ cats { name owner } }', { authorization: `Bearer ${who.token}` });
    expect(data?.cats).toEqual(['Ada', 'Bob', 'Cleo'].map((name) => ({ name, owner: who.userId })));
    // The parent is looked up once, its fields never again; memory is silent while a busy machine delays the heartbeat.
    do {
      sources.length = 0;
      await post('{ cats { name owner } }', { authorization: `Bearer ${who.token}` });
    } while (sources.some((source) => source !== 'memory'));
    expect(sources).toEqual(['memory', 'memory', 'memory', 'memory']);
  });

  it('a field with a rule of its own is null for who may not see it', async () => {
    const { data, errors } = await post('{ cats { name chip } }', { authorization: `Bearer ${who.token}` });
    expect(data?.cats).toEqual(['Ada', 'Bob', 'Cleo'].map((name) => ({ name, chip: null })));
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      status: 403,
      problem: { code: 'role_required' },
    });
  });

  it('an open query with a guarded field → the field is refused, the rest answered', async () => {
    const { data, errors } = await post('{ strays { name owner } }', {});
    expect(data).toEqual({ strays: [{ name: 'Nobody', owner: null }] });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
    expect(JSON.stringify(errors)).not.toContain('    at ');
  });

  it('the cookie: a GET needs no Origin and can’t mutate, a POST needs a trusted one', async () => {
    const get = (query: string, headers: Record<string, string>) =>
      request(app.getHttpServer())
        .get('/graphql')
        .query({ query })
        .set({ 'apollo-require-preflight': 'true', ...headers });
    expect((await get('{ cats { name } }', { cookie: who.cookie })).body).toMatchObject({
      data: { cats: expect.any(Array) },
    });
    expect((await get('mutation { adopt }', { cookie: who.cookie })).status).toBe(405);

    for (const origin of [{}, { origin: 'https://evil.example' }]) {
      const { errors, data } = await post('mutation { adopt }', { cookie: who.cookie, ...origin });
      expect(data ?? null).toBeNull();
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', problem: { code: 'origin_not_trusted' } });
    }
    const trusted = await post('mutation { adopt }', { cookie: who.cookie, origin: TRUSTED_ORIGIN });
    expect(trusted.data?.adopt).toBe(who.userId);
  });
});
