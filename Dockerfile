# Scorewright with Airflow, from uv.lock: docs/how-to/run-in-containers.md
# Any image of Debian or Ubuntu with Python 3.11 or newer as python3 and with certificates.
ARG BASE=docker.io/library/python:3.11-slim-bookworm

# hadolint ignore=DL3006
FROM ${BASE} AS build
# with any value the image can run on Kubernetes: docs/how-to/run-on-kubernetes.md
ARG KUBERNETES=
# with any value it can have Spark compute: docs/how-to/run-on-spark.md
ARG SPARK=
# with any value it has an object store in memory, for a trial only
ARG OBJECTS=
WORKDIR /opt/scorewright
ENV UV_PYTHON_DOWNLOADS=never UV_PYTHON_PREFERENCE=only-system UV_SYSTEM_CERTS=true UV_LINK_MODE=copy \
    UV_COMPILE_BYTECODE=1
# the packages before the program, so that a change of the program does not fetch them again
COPY pyproject.toml uv.lock ./
COPY script/fetch_uv.py script/
RUN python3 script/fetch_uv.py /usr/local/bin/uv \
    && uv sync --quiet --no-cache --locked --no-default-groups --extra production \
        ${KUBERNETES:+--extra kubernetes} ${SPARK:+--extra spark} ${OBJECTS:+--group objects} --no-install-project
COPY . .
RUN uv sync --quiet --no-cache --locked --no-default-groups --extra production \
        ${KUBERNETES:+--extra kubernetes} ${SPARK:+--extra spark} ${OBJECTS:+--group objects} \
    && .venv/bin/python -m compileall -q -x '[.]venv' .

# hadolint ignore=DL3006
FROM ${BASE}
# WeasyPrint draws with these. Debian's security updates are wanted, so no version is pinned.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 50000 scorewright \
    && useradd --uid 50000 --gid 50000 --no-create-home --home-dir /srv/airflow scorewright \
    && install -d -o 50000 -g 50000 -m 0700 /srv/home /srv/exports /srv/logs \
    # memory is mounted here, as root's, with these rights
    && install -d -m 1777 /srv/airflow
WORKDIR /opt/scorewright
# nobody who runs the program may change it
COPY --from=build /opt/scorewright /opt/scorewright
ENV PATH=/opt/scorewright/.venv/bin:$PATH \
    AIRFLOW_HOME=/srv/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/scorewright/dags \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    AIRFLOW__CORE__DEFAULT_TIMEZONE=utc \
    AIRFLOW__LOGGING__BASE_LOG_FOLDER=/srv/logs \
    SCOREWRIGHT_CONFIG=/opt/scorewright/config \
    SCOREWRIGHT_HOME=/srv/home \
    SCOREWRIGHT_EXPORTS=/srv/exports
USER 50000:50000
CMD ["scorewright", "--help"]
