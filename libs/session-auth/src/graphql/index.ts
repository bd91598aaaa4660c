export { graphqlContext } from './graphql.context.ts';
