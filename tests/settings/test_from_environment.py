"""Where an installation finds its things."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.preparing import prepare
from pipeline.site import open_site
from scoring.errors import UsageError
from settings import ROOT, Settings
from tests.book.books import VALID


def test_within_the_checkout_its_own_file_counts():
    settings = Settings.from_environment({})
    assert (ROOT / "pyproject.toml").exists()
    assert settings == Settings(
        config=ROOT / "config",
        home=ROOT / "var",
        exports=ROOT / "var" / "exports",
        warehouse_url=f"duckdb:///{ROOT}/var/warehouse.duckdb",
        ledger_url=f"sqlite:///{ROOT}/var/ledger.sqlite",
        delivery_url="file:",
    )


def test_what_is_made_at_run_time_follows_the_home(tmp_path):
    settings = Settings.from_environment({"SCOREWRIGHT_HOME": str(tmp_path)})
    assert settings.config == ROOT / "config"
    assert settings.exports == tmp_path / "exports"
    assert (settings.landing, settings.scorecards, settings.outbox) == (
        tmp_path / "landing",
        tmp_path / "scorecards",
        tmp_path / "outbox",
    )
    assert settings.warehouse_url == f"duckdb:///{tmp_path}/warehouse.duckdb"
    assert settings.ledger_url == f"sqlite:///{tmp_path}/ledger.sqlite"


def test_on_postgresql_the_ledger_lies_beside_the_warehouse_unless_it_is_named():
    address = "postgresql://scorewright@db/marketing"
    settings = Settings.from_environment({"SCOREWRIGHT_WAREHOUSE": address})
    assert (settings.warehouse_url, settings.ledger_url) == (address, address)
    apart = {"SCOREWRIGHT_WAREHOUSE": address, "SCOREWRIGHT_LEDGER": "sqlite:////safe/l.sqlite"}
    assert Settings.from_environment(apart).ledger_url == "sqlite:////safe/l.sqlite"


def test_each_place_can_be_named_by_itself():
    settings = Settings.from_environment(
        {
            "SCOREWRIGHT_CONFIG": "/srv/book",
            "SCOREWRIGHT_HOME": "/srv/home",
            "SCOREWRIGHT_EXPORTS": "/mnt/exports",
            "SCOREWRIGHT_WAREHOUSE": "duckdb:////fast/w.duckdb",
            "SCOREWRIGHT_LEDGER": "sqlite:////safe/l.sqlite",
            "SCOREWRIGHT_DELIVERY": "smtp://mail.company.example",
        }
    )
    assert settings == Settings(
        config=Path("/srv/book"),
        home=Path("/srv/home"),
        exports=Path("/mnt/exports"),
        warehouse_url="duckdb:////fast/w.duckdb",
        ledger_url="sqlite:////safe/l.sqlite",
        delivery_url="smtp://mail.company.example",
    )


def test_a_relative_path_starts_where_the_command_was_given(tmp_path, monkeypatch):
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    settings = Settings.from_environment(
        {"SCOREWRIGHT_HOME": "home", "SCOREWRIGHT_CONFIG": "../book", "SCOREWRIGHT_EXPORTS": "."}
    )
    assert settings.home == tmp_path / "work" / "home"
    assert settings.config == tmp_path / "book"
    assert settings.exports == tmp_path / "work"
    assert settings.ledger_url == f"sqlite:///{tmp_path}/work/home/ledger.sqlite"


@pytest.mark.parametrize("name", ["SCOREWRIGHT_HOMEE", "SCOREWRIGHT_", "SCOREWRIGHT_config"])
def test_a_misspelt_variable_is_refused_before_anything_is_looked_for(name):
    with pytest.raises(UsageError) as refusal:
        Settings.from_environment({name: "/srv", "SCOREWRIGHT_CONFIG": "/nowhere"})
    assert str(refusal.value) == (
        "environment: expected only SCOREWRIGHT_SETTINGS, SCOREWRIGHT_CONFIG, SCOREWRIGHT_HOME, "
        "SCOREWRIGHT_EXPORTS, "
        "SCOREWRIGHT_WAREHOUSE, SCOREWRIGHT_LAKE, SCOREWRIGHT_SPARK, SCOREWRIGHT_LEDGER, SCOREWRIGHT_DELIVERY, SCOREWRIGHT_BOUNCES, SCOREWRIGHT_LOG_LEVEL, "
        "SCOREWRIGHT_LOG_FORMAT, "
        f"SCOREWRIGHT_FILE_GROUP, SCOREWRIGHT_MAX_EXPORT_MB, found {name}; correct its name or unset it."
    )


def test_variables_of_others_are_nobodys_business():
    environment = {"PATH": "/bin", "scorewright_home": "/srv", "MY_SCOREWRIGHT_HOME": "/srv"}
    assert Settings.from_environment(environment) == Settings.from_environment({})


def test_a_home_may_have_any_name_that_a_folder_can_have(tmp_path):
    home = tmp_path / "Büro 市场 100% #1 & 'mehr'"
    site = open_site(
        Settings.from_environment({"SCOREWRIGHT_HOME": str(home), "SCOREWRIGHT_CONFIG": str(VALID)})
    )
    prepare(site)
    assert {path.name for path in home.iterdir()} >= {"warehouse.duckdb", "ledger.sqlite"}
    assert site.ledger.latest_revisions("2026-10") == ()


@pytest.mark.parametrize("name", ["100%", "a%3Fb", "a%20b", "a b", "#1", "a+b&c", "钱", "quote'"])
def test_a_home_of_any_name_can_be_worked_in(tmp_path, name):
    home = tmp_path / name
    settings = Settings.from_environment({"SCOREWRIGHT_HOME": str(home), "SCOREWRIGHT_CONFIG": str(VALID)})
    prepare(open_site(settings))
    assert {path.name for path in home.iterdir()} == {
        "ledger.sqlite",
        "warehouse.duckdb",
        "warehouse.duckdb.lock",
    }
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["what?", "a:b"])
def test_a_home_whose_name_duckdb_cannot_work_in_is_refused(tmp_path, name):
    settings = Settings.from_environment(
        {"SCOREWRIGHT_HOME": str(tmp_path / name), "SCOREWRIGHT_CONFIG": str(VALID)}
    )
    with pytest.raises(UsageError, match=r"its path without : and \?"):
        prepare(open_site(settings))


def test_the_size_of_an_export_is_a_whole_number_of_megabytes():
    assert Settings.from_environment({}).max_export_mb == 64
    assert Settings.from_environment({"SCOREWRIGHT_MAX_EXPORT_MB": "2000"}).max_export_mb == 2000
    for text in ("0", "2001", "1.5", "-3", "all", "٣"):
        with pytest.raises(
            UsageError, match="SCOREWRIGHT_MAX_EXPORT_MB: expected a whole number from 1 to 2000"
        ):
            Settings.from_environment({"SCOREWRIGHT_MAX_EXPORT_MB": text})


@pytest.mark.parametrize(
    "address",
    [
        "sc://host",
        "sc://host:15002",
        "sc://[::1]:15002",
        "sc://host:443/;use_ssl=true;token=a%3Db",
        "sc://host:443/;use_ssl=true;x-databricks-cluster-id=0123-abc",
    ],
)
def test_the_address_of_a_spark_is_taken_as_it_is_and_never_shown(address):
    settings = Settings.from_environment(
        {"SCOREWRIGHT_LAKE": "s3://bucket/lake", "SCOREWRIGHT_SPARK": address}
    )
    assert settings.spark == address
    assert address not in repr(settings)


@pytest.mark.parametrize(
    "address",
    ["spark://host:7077", "host:15002", "sc://", "sc://host:x", "sc://host/;token", "sc://u:s3cret@host"],
)
def test_another_address_of_a_spark_is_refused_and_not_repeated(address):
    with pytest.raises(
        UsageError, match=r"^SCOREWRIGHT_SPARK: expected .* such as sc://host:15002"
    ) as refusal:
        Settings.from_environment({"SCOREWRIGHT_LAKE": "/srv/lake", "SCOREWRIGHT_SPARK": address})
    assert "s3cret" not in str(refusal.value)


def test_a_spark_without_a_lake_would_compute_with_nothing():
    with pytest.raises(UsageError, match=r"^SCOREWRIGHT_SPARK: expected SCOREWRIGHT_LAKE beside it"):
        Settings.from_environment({"SCOREWRIGHT_SPARK": "sc://host:15002"})
