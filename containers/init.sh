#!/bin/sh
# Before the others start: Airflow's tables, made or brought up to date, and a look at the book.
set -eu
airflow db check --retry 30 --retry-delay 2
airflow db migrate
# how many tasks load into the warehouse at once, of all runs
airflow pools set warehouse "$WAREHOUSE_SLOTS" "loads into the warehouse"
scorewright check
