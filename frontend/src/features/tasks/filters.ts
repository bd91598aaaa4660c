import type { ListTasksQuery } from '@session-guard/api-client';
import {
  createLoader,
  createParser,
  createSerializer,
  parseAsString,
  parseAsStringLiteral,
  type inferParserType,
} from 'nuqs/server';
import { PRIORITIES, SORTS, STATUSES, type TaskFilters, type TaskSort } from './types.ts';

/** An order by its name. `dueAt` was the name of `dueOn`: bookmarks keep their order. */
const parseAsSort = createParser<TaskSort>({
  parse: (value) => SORTS.find((sort) => sort === (value === 'dueAt' ? 'dueOn' : value)) ?? null,
  serialize: (sort) => sort,
});

/** The state of the list in the URL; what is the default leaves no trace there. */
export const filterParsers = {
  status: parseAsStringLiteral(STATUSES),
  priority: parseAsStringLiteral(PRIORITIES),
  q: parseAsString.withDefault(''),
  sort: parseAsSort.withDefault('-createdAt'),
};

export type FilterState = inferParserType<typeof filterParsers>;

/** Everything, the newest first. */
export const SHOW_ALL: FilterState = { status: null, priority: null, q: '', sort: '-createdAt' };

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

/** Tasks a page of the endless list. */
const PAGE_SIZE = 25;

/** The filters as a query for the API. */
export function toQuery(filters: TaskFilters, cursor: string | null): ListTasksQuery {
  return {
    sort: filters.sort,
    limit: PAGE_SIZE,
    ...(filters.status ? { status: filters.status } : {}),
    ...(filters.priority ? { priority: filters.priority } : {}),
    ...(filters.q ? { q: filters.q } : {}),
    ...(cursor ? { cursor } : {}),
  };
}
