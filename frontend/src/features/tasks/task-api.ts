import { ApiProblem, unwrap, type ApiClient } from '@session-guard/api-client';
import { bounded } from '../../lib/api/page-api.ts';
import { toQuery } from './filters.ts';
import type { Task, TaskDraft, TaskFilters, TaskPage } from './types.ts';

/** One page of the list. @throws {ApiProblem} */
export function listTasks(client: ApiClient, filters: TaskFilters, cursor: string | null, signal?: AbortSignal): Promise<TaskPage> {
  return unwrap(client.GET('/api/tasks', { params: { query: toQuery(filters, cursor) }, signal: bounded(signal) }));
}

/** One task as it is now. @throws {ApiProblem} 404 when it is gone */
export async function getTask(client: ApiClient, id: string): Promise<Task> {
  return (await unwrap(client.GET('/api/tasks/{id}', { params: { path: { id } }, signal: bounded() }))).data;
}

/**
 * Makes a task. `key` names the attempt: sent twice, it makes one task.
 * @throws {ApiProblem}
 */
export async function createTask(client: ApiClient, draft: Partial<TaskDraft> & { title: string }, key: string): Promise<Task> {
  return (await unwrap(client.POST('/api/tasks', { params: { header: { 'Idempotency-Key': key } }, body: draft, signal: bounded() }))).data;
}

/**
 * Changes a task. With `version` it fails with 412 when somebody else was quicker; without, the last one wins.
 * @throws {ApiProblem}
 */
export async function updateTask(client: ApiClient, id: string, change: Partial<TaskDraft>, version?: number): Promise<Task> {
  const header = version === undefined ? {} : { 'If-Match': `"${version}"` };
  return (await unwrap(client.PATCH('/api/tasks/{id}', { params: { path: { id }, header }, body: change, signal: bounded() }))).data;
}

/** Deletes a task; one that is gone already counts as deleted. @throws {ApiProblem} */
export async function deleteTask(client: ApiClient, id: string): Promise<void> {
  try {
    await unwrap(client.DELETE('/api/tasks/{id}', { params: { path: { id } }, signal: bounded() }));
  } catch (error) {
    if (!(error instanceof ApiProblem && error.status === 404)) throw error;
  }
}
