#!/bin/sh
# As the official image does it: in an empty volume make the server and run what lies in
# docker-entrypoint-initdb.d, then start it.
set -eu
umask 077
mkdir -p /var/run/postgresql
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    printf '%s\n' "$POSTGRES_PASSWORD" >/tmp/password
    initdb --encoding=UTF8 --locale=C.UTF-8 -D "$PGDATA" -U postgres --pwfile=/tmp/password --auth-local=trust --auth-host=scram-sha-256
    rm /tmp/password
    echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
    echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
    pg_ctl -D "$PGDATA" -o "-c listen_addresses=" -w start
    for script in /docker-entrypoint-initdb.d/*.sh; do sh "$script"; done
    pg_ctl -D "$PGDATA" -m fast -w stop
fi
exec "$@"
