import type { components, operations } from './schema.ts';

export { ApiProblem, type Problem } from './api-problem.ts';
export { createApiClient, unwrap, type ApiClient, type ApiClientOptions } from './client.ts';
export type { AuthorizedFetchOptions } from './authorized-fetch.ts';
export type { components, operations, paths } from './schema.ts';
export { taskEvents, type TaskEvent, type TaskEventsOptions } from './task-events.ts';
export { fixedToken, type TokenSource } from './token-source.ts';

type Schemas = components['schemas'];
export type Task = Schemas['Task'];
export type CreateTask = Schemas['CreateTask'];
export type UpdateTask = Schemas['UpdateTask'];
export type BatchTasks = Schemas['BatchTasks'];
export type TaskList = Schemas['TaskList'];
export type TaskStatus = Task['status'];
export type TaskPriority = Task['priority'];
export type User = Schemas['User'];
export type Session = Schemas['Session'];
/** Filters, order and page of `GET /api/tasks`. */
export type ListTasksQuery = NonNullable<operations['listTasks']['parameters']['query']>;
