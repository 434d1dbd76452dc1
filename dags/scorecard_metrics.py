"""The numbers that Airflow sends to where its own metrics go: StatsD or OpenTelemetry, by `[metrics]`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from airflow.sdk.configuration import conf
from airflow.sdk.observability import stats

if TYPE_CHECKING:
    from pipeline.site import Site
    from scoring.period import Period

SWITCHES = ("statsd_on", "statsd_datadog_enabled", "otel_on")
FLUSH_MILLISECONDS = 5000


def send_what_is_due(site: Site, now: datetime) -> None:
    """Send how the newest periods stand whose cards are expected to be sent by now."""
    if _is_on():
        from auditing.watching import newest_due

        _send(site, newest_due(site, now), now)


def send_what_was_done(site: Site, period: Period, now: datetime) -> None:
    """Send how the period stands, unless a later one is watched by now."""
    if _is_on():
        from auditing.gauges import is_newest

        _send(site, [period] if is_newest(site, period, now) else [], now)


def _is_on() -> bool:
    """Whether anybody listens; where nobody does, nothing is looked up."""
    return any(conf.getboolean("metrics", switch, fallback=False) for switch in SWITCHES)


def _send(site: Site, periods: Iterable[Period], now: datetime) -> None:
    from auditing.gauges import gauges

    for period in periods:
        # the length is a part of the name, because StatsD itself knows no tags
        for name, number in gauges(site, period, now).items():
            stats.gauge(f"scorewright.{period.cadence}.{name}", number)
    _flush()


def _flush() -> None:
    """OpenTelemetry collects for a minute, and a task's process ends before."""
    from opentelemetry.metrics import get_meter_provider
    from opentelemetry.sdk.metrics import MeterProvider

    provider = get_meter_provider()
    if isinstance(provider, MeterProvider):
        provider.force_flush(FLUSH_MILLISECONDS)
