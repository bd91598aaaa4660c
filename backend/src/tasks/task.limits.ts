/** Characters of a task's title. */
export const TITLE_MAX = 200;
/** Characters of a task's description. */
export const DESCRIPTION_MAX = 5_000;
/** Characters of the text that a list is searched for. */
export const SEARCH_MAX = 200;
/** Operations of one batch. */
export const BATCH_MAX = 100;
/** Days a deleted task can be restored. */
export const DELETED_KEPT_DAYS = 30;
/** Streams of events one user may have open on one instance: tabs and devices, not a leak. */
export const STREAMS_MAX = 20;
