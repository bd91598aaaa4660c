import { createLoader, createSerializer, parseAsString, parseAsStringLiteral, type inferParserType } from 'nuqs/server';
import { PRIORITIES, SORTS, STATUSES, type TaskFilters } from './types.ts';

/** The state of the list in the URL; what is the default leaves no trace there. */
export const filterParsers = {
  status: parseAsStringLiteral(STATUSES),
  priority: parseAsStringLiteral(PRIORITIES),
  q: parseAsString.withDefault(''),
  sort: parseAsStringLiteral(SORTS).withDefault('-createdAt'),
};

export type FilterState = inferParserType<typeof filterParsers>;

/** Reads the same state on the server, where the first page is made. */
export const loadFilters = createLoader(filterParsers);

/** The path of the list in that state. */
export const tasksPath = (state: FilterState): string => createSerializer(filterParsers)('/tasks', state);

/** The longest text the API searches for. */
export const QUERY_MAX = 200;

/** The filters as the list uses them: the search trimmed and cut to what the API accepts. */
export function toFilters(state: FilterState): TaskFilters {
  return { ...state, q: state.q.trim().slice(0, QUERY_MAX) };
}

/** The filters as a query for the API. */
export function toQuery(filters: TaskFilters, cursor: string | null, limit: number): URLSearchParams {
  const query = new URLSearchParams({ sort: filters.sort, limit: String(limit) });
  if (filters.status) query.set('status', filters.status);
  if (filters.priority) query.set('priority', filters.priority);
  if (filters.q) query.set('q', filters.q);
  if (cursor) query.set('cursor', cursor);
  return query;
}
