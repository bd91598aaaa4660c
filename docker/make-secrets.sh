#!/bin/sh
# Makes the secrets docker-compose.yml reads, once: what is there is kept. The directory is yours alone; the files in it
# are readable, because each container reads them as its own unprivileged user.
set -eu
directory=${1:-"$(dirname "$0")/../.data/secrets"}
mkdir -p "$directory"
chmod 700 "$directory"
cd "$directory"

keep() { if [ -s "$1" ]; then cat > /dev/null; else cat > "$1.new"; chmod 644 "$1.new"; mv "$1.new" "$1"; fi; }
random() { openssl rand -hex 24; }

random | keep postgres-password
random | keep api-role-password
random | keep grafana-password
printf '1:%s\n' "$(openssl rand -base64 33)" | keep better-auth-secrets

owner=$(cat postgres-password)
api=$(cat api-role-password)
printf 'postgres://session_guard_owner:%s@postgres:5432/session_guard\n' "$owner" | keep owner-database-url
printf 'postgres://session_guard_owner:%s@pgbouncer:6432/session_guard\n' "$owner" | keep web-database-url
printf 'postgres://session_guard_api:%s@pgbouncer:6432/session_guard\n' "$api" | keep api-database-url
printf 'postgres://session_guard_api:%s@postgres:5432/session_guard\n' "$api" | keep api-listen-url
printf '"session_guard_owner" "%s"\n"session_guard_api" "%s"\n' "$owner" "$api" | keep pgbouncer-users
echo "The secrets are in $(pwd)"
