/** The transaction-local PostgreSQL setting that carries the owner's id; the policies read it. */
export const OWNER_SETTING = 'app.user_id';

/** The session setting by which migrations learn which role to grant to; see {@link DEFAULT_API_ROLE}. */
export const API_ROLE_SETTING = 'app.api_role';

/** The role migrations grant to when {@link API_ROLE_SETTING} is not set. */
export const DEFAULT_API_ROLE = 'session_guard_api';

/** The column that names a row's owner, on every owned table. */
export const OWNER_COLUMN = 'user_id';

/** The entity's property over {@link OWNER_COLUMN}. */
export const OWNER_PROPERTY = 'userId';

/**
 * The owner of the current transaction, or null outside of one. The setting is the empty string, not null, on a
 * connection that carried a user before, hence `nullif`. In a policy it is wrapped in a sub-select, so that it is
 * evaluated once a statement and not once a row.
 */
export const CURRENT_OWNER_SQL = `nullif(current_setting('${OWNER_SETTING}', true), '')`;
