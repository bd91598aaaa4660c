#!/bin/sh
# Runs once, when the cluster is made: the role the API connects as, with a password of its own, so that a rotation of
# Better Auth's secret is no change of a database password. The migration job gives it its rights.
set -eu
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" --set=password="$(cat /run/secrets/api-role-password)" <<'SQL'
create role session_guard_api login nosuperuser nobypassrls nocreaterole nocreatedb noreplication password :'password';
-- PgBouncer can't pass on the limit the API sends when it connects.
alter role session_guard_api set statement_timeout = '2s';
-- The cluster is ours alone: PostgreSQL's own databases are open to everybody until they are closed.
revoke connect, temporary on database postgres, template1 from public;
revoke execute on function lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) from public;
SQL
