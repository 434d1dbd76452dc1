"""What a collector of OpenTelemetry is really sent, over HTTP."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from auditing.gauges import gauges
from settings import ROOT
from tests.pipeline.command import surroundings
from tests.pipeline.conftest import NOW
from tests.pipeline.exports import OCTOBER

# what a task does: Airflow's runner sets the metrics up, the task sends, and its process ends
SENDS = """
import os, sys
from datetime import datetime
from airflow.sdk.execution_time import task_runner
sys.path.insert(0, "dags")
import scorecard_metrics
from settings import Settings
from pipeline.site import open_site
from scoring.period import Period
task_runner.stats.initialize(factory=task_runner.stats_utils.get_stats_factory(), export_legacy_names=True)
site = open_site(Settings.from_environment(os.environ))
scorecard_metrics.send_what_was_done(site, Period.parse(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
os._exit(0)
"""


class Collector(BaseHTTPRequestHandler):
    """Takes what is posted to the path that OTLP has for metrics."""

    def do_POST(self) -> None:
        """Keep the request and say yes."""
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.taken.append((self.path, self.headers["content-type"], body))  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@contextmanager
def collector() -> Iterator[HTTPServer]:
    """One that listens while the block does; `taken` has what came."""
    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        server.taken = []  # type: ignore[attr-defined]
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def sent(unsent, tmp_path_factory):
    """What a task of an October that was issued sends, and the numbers of that month."""
    with collector() as server:
        to_here = {
            "AIRFLOW__METRICS__OTEL_ON": "True",
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
            "AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow")),
        }
        done = subprocess.run(
            [sys.executable, "-c", SENDS, str(OCTOBER), NOW.isoformat()],
            cwd=ROOT,
            env={**os.environ, **surroundings(unsent.settings), **to_here, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr[-3000:]
    return server.taken, gauges(unsent.open(), OCTOBER, NOW)


def test_it_is_told_over_http_before_the_tasks_process_ends(sent):
    taken, _ = sent
    assert {(path, kind) for path, kind, _ in taken} == {("/v1/metrics", "application/x-protobuf")}


def test_every_number_of_the_month_comes_as_a_gauge_of_its_name(sent):
    taken, expected = sent
    values = {}
    for _, _, body in taken:
        for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics:
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    points = metric.gauge.data_points
                    values[metric.name] = [point.as_double or point.as_int for point in points]
    found = {name: value for name, value in values.items() if ".scorewright." in name}
    assert found == {f"airflow.scorewright.month.{name}": [value] for name, value in expected.items()}
    assert expected["cards.issued"] == expected["cards.expected"] == 2
