import { BEARER_SCHEME, COOKIE_SCHEME, credentialSchemes } from '@session-guard/core';
import type { CredentialScheme, VerifierConfig } from '@session-guard/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { routeRules } from '../decorators/route-rules.ts';

export { BEARER_SCHEME, COOKIE_SCHEME };

type SecurityRequirement = Readonly<Record<string, string[]>>;
type SecuritySchemes = NonNullable<NonNullable<OpenAPIObject['components']>['securitySchemes']>;

/**
 * The OpenAPI security of one handler, by the metadata that the guard itself reads: nothing on anonymous routes, a
 * credential on guarded ones, either on optional ones.
 *
 * @param schemes names of the security schemes, as in the document
 * @example securityOf(TasksController.prototype.list, TasksController) // [{ bearer: [] }, { cookie: [] }]
 */
export function securityOf(
  handler: Parameters<typeof routeRules>[0],
  controller: Parameters<typeof routeRules>[1],
  schemes: readonly string[] = [BEARER_SCHEME, COOKIE_SCHEME],
): SecurityRequirement[] {
  const credentials = schemes.map((name): SecurityRequirement => ({ [name]: [] }));
  switch (routeRules(handler, controller).access) {
    case 'anonymous':
      return [];
    case 'optional':
      return [{}, ...credentials];
    case 'required':
      return credentials;
  }
}

/**
 * The schemes that {@link securityOf} names: what the configuration accepts, in the schemes' own words.
 *
 * @param further schemes of the application
 */
export function securitySchemes(
  config: Pick<VerifierConfig, 'bearer' | 'cookieName' | 'jwt'>,
  further: readonly CredentialScheme[] = [],
): SecuritySchemes {
  const documents = credentialSchemes({ ...config, secrets: [] }, further).map(({ document }) => document);
  const names = [...new Set(documents.map(({ name }) => name))];
  return Object.fromEntries(names.map((name) => [name, entryOf(documents.filter((each) => each.name === name))]));
}

/** What schemes of one name say together. */
function entryOf(documents: readonly CredentialScheme['document'][]): SecuritySchemes[string] {
  const [first] = documents;
  if (!first) throw new Error('No scheme has this name.');
  const accepted = documents.flatMap(({ accepts }) => accepts ?? []);
  const summary = accepted.length > 0 ? `Accepted: ${accepted.join(', ')}.` : first.note;
  return { ...first.definition, description: summary ?? 'Not accepted here: use the cookie.' };
}
