/** Every route begins with it, those of teams included. */
export const PREFIX = 'api';

/** Swagger UI: pages for people. */
export const REFERENCE_PATH = `/${PREFIX}/docs`;

/** The OpenAPI document. */
export const DOCUMENT_PATH = `/${PREFIX}/openapi.json`;

/**
 * The path of a resource, for `Location`.
 *
 * @example apiPath('tasks', task.id) // '/api/tasks/0198b5c2-…'
 */
export function apiPath(...segments: readonly string[]): string {
  return ['', PREFIX, ...segments].join('/');
}
