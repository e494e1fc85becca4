#!/bin/sh
# Reads what the official image reads: POSTGRES_PASSWORD, POSTGRES_USER, POSTGRES_DB, /docker-entrypoint-initdb.d/*.sql
set -eu

: "${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD: a server without one is not started}"
user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}

quoted() { printf "%s" "$1" | sed "s/'/''/g"; }
identifier() { printf '"%s"' "$(printf "%s" "$1" | sed 's/"/""/g')"; }

statements() { # single-user mode reads one statement per line
    [ "$user" = postgres ] || echo "CREATE ROLE $(identifier "$user") SUPERUSER LOGIN"
    echo "ALTER ROLE $(identifier "$user") PASSWORD '$(quoted "$POSTGRES_PASSWORD")'"
    [ "$database" = postgres ] || echo "CREATE DATABASE $(identifier "$database") OWNER $(identifier "$user")"
}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    mkdir -p -m 700 "$PGDATA"
    cp -a /var/lib/postgresql/template/. "$PGDATA/"
    statements | postgres --single -F -D "$PGDATA" postgres >/dev/null
    for script in /docker-entrypoint-initdb.d/*.sql; do
        [ -e "$script" ] || continue
        pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
        psql -v ON_ERROR_STOP=1 -U "$user" -d "$database" -f "$script"
        pg_ctl -D "$PGDATA" -m fast -w stop
    done
fi
exec "$@"
