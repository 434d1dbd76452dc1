"""Reports of a known platform that no KPI is made of: what they are, and which report to export instead."""

from __future__ import annotations

import pytest

from scoring.errors import RefusedError
from starting import Wishes, start
from terminal.trials import terms, trials
from tests.starting.test_starting import NOW, put

GA4 = (
    "# ----------------------------------------\n# {title}\n# Account: Acme\n# Property: Shop\n"
    "# ----------------------------------------\n# \n# All Users\n# Start date: 20261001\n# End date: 20261031\n"
)
PAGES = "Views,Active users,Views per active user,Average engagement time per active user,Event count,Key events,Total revenue"
USERS = "Active users,New users,Engaged sessions,Engagement rate,Event count,Key events,Total revenue"
TRAFFIC = "download the report Traffic acquisition with the session primary channel group"
CAMPAIGNS = "download the report of campaigns or ad groups instead, with the column Day"
ZIP = "name the whole zip as it was downloaded, or the file Chart.csv (Dates.csv) of it"

REPORTS = {
    "pages by title": (
        GA4 + f"Page title and screen class,{PAGES}\nHome,10,5,2,30.5,20,0,0\n",
        "pages and screens",
        TRAFFIC,
    ),
    "pages by path": (
        GA4 + f"Page path and screen class,{PAGES}\n/,10,5,2,30.5,20,0,0\n",
        "pages and screens",
        TRAFFIC,
    ),
    "pages, de": (
        GA4.replace("Start date", "Startdatum").replace("End date", "Enddatum")
        + "Seitentitel und Bildschirmklasse,Aufrufe,Aktive Nutzer\nStart,10,5\n",
        "pages and screens",
        TRAFFIC,
    ),
    "events": (
        GA4
        + "Event name,Event count,Total users,Event count per active user,Total revenue\nclick,3,2,1.5,0\n",
        "the report of events",
        TRAFFIC,
    ),
    "landing pages": (
        GA4 + "Landing page,Sessions,Active users,New users,Key events,Total revenue\n/,3,2,1,0,0\n",
        "the report of landing pages",
        TRAFFIC,
    ),
    "browsers": (GA4 + f"Browser,{USERS}\nChrome,5,4,3,0.5,20,1,0\n", "who the users are", TRAFFIC),
    "countries": (GA4 + f"Country,{USERS}\nFrance,5,4,3,0.5,20,1,0\n", "who the users are", TRAFFIC),
    "user acquisition": (
        GA4
        + "First user primary channel group (Default Channel Group),Total users,New users,Event count,Key events\nDirect,9,8,70,1\n",
        "User acquisition",
        TRAFFIC,
    ),
    "chart": (
        GA4 + "Nth day,Active users\n0000,3\n0001,4\n",
        "the chart of a report page",
        "the table below its charts",
    ),
    "queries": (
        "Top queries,Clicks,Impressions,CTR,Position\nlamp,3,120,2.5%,8.1",
        "queries or of pages",
        ZIP,
    ),
    "queries, fr": (
        "Requêtes les plus fréquentes,Clics,Impressions,CTR,Position\nlampe,3,120,2.5%,8.1",
        "queries or of pages",
        ZIP,
    ),
    "devices": ("Device,Clicks,Impressions,CTR,Position\nMobile,3,120,2.5%,8.1", "countries, devices", ZIP),
    "discover": (
        "Date,Clicks,Impressions,CTR\n2026-10-01,3,120,2.5%",
        "Discover or News",
        "the performance on search results",
    ),
    "follows": (
        'sep=,\n"Facebook follows"\n"Date","Primary"\n"2026-10-01T00:00:00","4"\n',
        "Meta Business Suite",
        "export the posts instead",
    ),
    "google, time series": (
        'Date,Clicks,Impressions,Avg. CPC,Cost\n"Thu, 1 Oct 2026",26,75,US$1.92,US$50.00\n',
        "a card of the overview page",
        CAMPAIGNS,
    ),
    "google, hours": (
        "Hour,Clicks,Impressions,Avg. CPC,Cost\n00 - 01,0,0,US$0.00,US$0.00\n",
        "a card of the overview page",
        CAMPAIGNS,
    ),
    "google, networks": (
        "Network,Clicks,Cost,Avg. CPC\nGoogle Search,7,US$9.72,US$1.39\n",
        "a card of the overview page",
        CAMPAIGNS,
    ),
    "google, searches": (
        "Search,Cost,Clicks,Impressions,Conversions\nlamps,US$1.06,1,3,0.00\n",
        "a card of the overview page",
        CAMPAIGNS,
    ),
    "google, ages": (
        "Age Range,Impressions,Percent of known total\n18–24,13,26.53%\n",
        "a card of the overview page",
        CAMPAIGNS,
    ),
    "tiktok": (
        "Date,Video Views,Profile Views,Likes,Comments,Shares\nOctober 1,1591,7,10,1,0",
        "overview of an account",
        "export the videos",
    ),
}


@pytest.mark.parametrize("name", REPORTS)
def test_another_report_is_told_with_the_one_to_export(tmp_path, name):
    text, found, step = REPORTS[name]
    put(tmp_path, {"report.csv": text.replace("{title}", name)})
    (trial,) = trials([tmp_path / "report.csv"], terms(None, None, None, None))
    (fault,) = trial.tried.faults
    assert found in fault.found
    assert step in fault.step
    assert trial.help is None


def test_a_book_that_is_begun_with_one_hears_the_same(tmp_path):
    text = REPORTS["events"][0].replace("{title}", "Events: Event name")
    exports = put(tmp_path / "in", {"Events_Event_name.csv": text})
    with pytest.raises(
        RefusedError, match=f"Events_Event_name.csv, row 10: .* the report of events.*{TRAFFIC}"
    ):
        start(tmp_path / "x", [exports], Wishes(), NOW)


def test_traffic_by_channel_and_device_is_still_read(tmp_path):
    text = (
        GA4
        + "Session primary channel group (Default Channel Group),Device category,Sessions,Key events,Total revenue\nDirect,mobile,5,1,2.5\n"
    )
    put(tmp_path, {"report.csv": text})
    (trial,) = trials([tmp_path / "report.csv"], terms(None, None, None, None))
    assert trial.tried.read is not None
    assert trial.tried.read.table["sessions"].to_pylist() == [5]
