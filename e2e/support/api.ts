import { expect, type APIRequestContext } from '@playwright/test';

/** Makes a task as a REST consumer would. */
export async function createTask(
  request: APIRequestContext,
  apiUrl: string,
  token: string,
  task: { title: string } & Record<string, unknown>,
): Promise<{ id: string; version: number }> {
  const response = await request.post(`${apiUrl}/api/tasks`, {
    headers: { authorization: `Bearer ${token}` },
    data: task,
  });
  expect(response.status(), await response.text()).toBe(201);
  return ((await response.json()) as { data: { id: string; version: number } }).data;
}
