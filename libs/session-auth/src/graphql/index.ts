export { graphqlContext } from './graphql.context.ts';
export { GraphqlRefusal } from './graphql.refusal.ts';
