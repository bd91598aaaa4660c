import { bounded, type PageApi } from '../../lib/api/page-api.ts';
import { toApiError } from '../../lib/api/problem.ts';
import { toQuery } from './filters.ts';
import { PAGE_SIZE } from './page-size.ts';
import type { Task, TaskDraft, TaskFilters, TaskPage } from './types.ts';

async function call<T>(api: PageApi, path: string, init: RequestInit = {}, signal?: AbortSignal): Promise<T> {
  const response = await api.fetch(new Request(`${api.baseUrl}/api${path}`, { ...init, signal: bounded(signal) }));
  const body: unknown = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) throw toApiError(response, body);
  return body as T;
}

const json = (method: string, body: object, headers: Record<string, string> = {}): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** One page of the list. @throws {ApiError} */
export function listTasks(api: PageApi, filters: TaskFilters, cursor: string | null, signal?: AbortSignal): Promise<TaskPage> {
  return call<TaskPage>(api, `/tasks?${toQuery(filters, cursor, PAGE_SIZE).toString()}`, {}, signal);
}

/** One task as it is now. @throws {ApiError} 404 when it is gone */
export async function getTask(api: PageApi, id: string): Promise<Task> {
  return (await call<{ data: Task }>(api, `/tasks/${id}`)).data;
}

/**
 * Makes a task. `key` names the attempt: sent twice, it makes one task.
 * @throws {ApiError}
 */
export async function createTask(api: PageApi, draft: Partial<TaskDraft> & { title: string }, key: string): Promise<Task> {
  return (await call<{ data: Task }>(api, '/tasks', json('POST', draft, { 'idempotency-key': key }))).data;
}

/**
 * Changes a task. With `version` it fails with 412 when somebody else was quicker; without, the last one wins.
 * @throws {ApiError}
 */
export async function updateTask(api: PageApi, id: string, change: Partial<TaskDraft>, version?: number): Promise<Task> {
  const headers: Record<string, string> = version === undefined ? {} : { 'if-match': `"${version}"` };
  return (await call<{ data: Task }>(api, `/tasks/${id}`, json('PATCH', change, headers))).data;
}

/** Deletes a task; one that is gone already counts as deleted. @throws {ApiError} */
export async function deleteTask(api: PageApi, id: string): Promise<void> {
  const response = await api.fetch(new Request(`${api.baseUrl}/api/tasks/${id}`, { method: 'DELETE', signal: bounded() }));
  if (!response.ok && response.status !== 404) throw toApiError(response, await response.json().catch(() => null));
}
