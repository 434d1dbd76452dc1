#!/bin/sh
# Run once by the image of PostgreSQL, in an empty volume: a database and its owner for Airflow, and one for
# the warehouse and the ledger of Scorewright. Neither user can read the other's.
set -eu
make() { # make NAME PASSWORD
    psql -v ON_ERROR_STOP=1 -U postgres -v name="$1" -v password="$2" <<'SQL'
create role :"name" login password :'password';
create database :"name" owner :"name" encoding 'UTF8' template template0;
revoke all on database :"name" from public;
SQL
}
make airflow "${AIRFLOW_DATABASE_PASSWORD:?}"
make scorewright "${SCORECARDS_DATABASE_PASSWORD:?}"
