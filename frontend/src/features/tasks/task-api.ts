import { ApiProblem, unwrap, type ApiClient } from '@session-guard/api-client';
import { NoAnswer } from '../../lib/api/no-answer.ts';
import { bounded } from '../../lib/api/page-api.ts';
import { toQuery } from './filters.ts';
import type { TasksApi } from './model/tasks-api.ts';

/** Whatever isn't the API's word is no answer: a broken body too, or the page of a hotel's network. */
async function answered<Data>(call: Promise<{ data?: Data; error?: unknown; response: Response }>): Promise<Data> {
  try {
    return await unwrap(call);
  } catch (error) {
    throw error instanceof ApiProblem ? error : new NoAnswer();
  }
}

const isGone = (error: unknown) => error instanceof ApiProblem && error.status === 404;

/** The API's tasks over its typed client. */
export function tasksApi(client: ApiClient): TasksApi {
  return {
    list: (filters, cursor, signal) =>
      answered(client.GET('/api/tasks', { params: { query: toQuery(filters, cursor) }, signal: bounded(signal) })),
    async get(id) {
      try {
        return (await answered(client.GET('/api/tasks/{id}', { params: { path: { id } }, signal: bounded() }))).data;
      } catch (error) {
        if (isGone(error)) return undefined;
        throw error;
      }
    },
    async create(draft, key) {
      return (
        await answered(
          client.POST('/api/tasks', { params: { header: { 'Idempotency-Key': key } }, body: draft, signal: bounded() }),
        )
      ).data;
    },
    async update(id, change, version) {
      const header = version === undefined ? {} : { 'If-Match': `"${version}"` };
      return (
        await answered(
          client.PATCH('/api/tasks/{id}', { params: { path: { id }, header }, body: change, signal: bounded() }),
        )
      ).data;
    },
    async remove(id) {
      try {
        await answered(client.DELETE('/api/tasks/{id}', { params: { path: { id } }, signal: bounded() }));
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },
    async restore(id) {
      return (await answered(client.POST('/api/tasks/{id}/restore', { params: { path: { id } }, signal: bounded() })))
        .data;
    },
  };
}
