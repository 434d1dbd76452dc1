#!/bin/sh
# What the invented company's platforms and people would hand in for October 2026. Again, it changes nothing.
set -eu
folder=$(mktemp -d)
case $SCOREWRIGHT_EXPORTS in
    *://*)
        # handed in to an object store, whose bucket is made where there is none
        python -m example.generate "$folder/exports"
        tries=0
        until python containers/answers.py "$AWS_ENDPOINT_URL" 2>/dev/null; do
            tries=$((tries + 1))
            [ $tries -lt 60 ] || { echo "no object store answers at $AWS_ENDPOINT_URL" >&2; exit 1; }
            sleep 1
        done
        python containers/put.py "$folder/exports" "$SCOREWRIGHT_EXPORTS"
        ;;
    *) python -m example.generate "$SCOREWRIGHT_EXPORTS" ;;
esac
# the same form filled again is the same bytes, and is entered once
scorewright appraisal form 2026-10 --output "$folder/appraisal.xlsx"
python -m example.appraise "$folder/appraisal.xlsx"
scorewright appraisal enter "$folder/appraisal.xlsx"
