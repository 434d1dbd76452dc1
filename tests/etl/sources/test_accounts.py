"""Whose file it is: what each platform prints of its account, held against the account."""

from __future__ import annotations

import pytest

from etl.sources import registry
from scoring.errors import BadFileError
from tests.etl.samples import GA4, SOCIAL_LISTENING, TEXTS, account, contents, land, read
from tests.etl.samples import OCTOBER as MONTH


def add_column(text, header, name, value, total=""):
    """The text of a comma or tab separated sample with one more column; totals get `total`."""
    done, below = [], False
    for line in text.splitlines():
        separator = "\t" if "\t" in header else ","
        if line.startswith(header):
            below, cell = True, name
        else:
            cell = total if line.startswith(("Total", "总计")) or ",,,,," in line else value
        done.append(f"{line}{separator}{cell}" if below else line)
    return "\n".join(done) + "\n"


ADDED = [
    # source, where the header row begins, column, what a right file has, what a wrong one has
    ("google_ads", "Day,", "Customer ID", "acme", "730-214-6658"),
    ("google_ads", "Day,", "Account name", "Acme Ltd", "Acme Inc"),
    ("meta_ads", "Reporting starts", "Account ID", "acme", "655730918264"),
    ("meta_ads", "Reporting starts", "Account name", "Acme Ltd", "Acme Inc"),
    ("ocean_engine", "时间-天", "账户ID", "acme", "1792046618350844"),
    ("ocean_engine", "时间-天", "账户名称", "Acme Ltd", "芬克迈尔-电商"),
]


@pytest.mark.parametrize(("source", "header", "column", "right", "wrong"), ADDED)
def test_a_column_with_the_account_is_held_where_the_report_has_it(
    tmp_path, source, header, column, right, wrong
):
    def with_cell(value):
        files = contents(source, lambda texts: [add_column(texts[0], header, column, value)])
        return land(tmp_path, files), account(source, printed_as="Acme Ltd"), MONTH

    assert (
        registry()[source].read(*with_cell(right)).tables == read(tmp_path, source, contents(source)).tables
    )
    with pytest.raises(BadFileError) as raised:
        registry()[source].read(*with_cell(wrong))
    assert raised.value.column == column
    assert raised.value.found == f"that of {wrong}"
    assert raised.value.expected in ("the file of acme", "the file of acme (Acme Ltd)")


def test_an_id_is_the_same_with_and_without_hyphens_and_prefix(tmp_path):
    for source, header, column, entity, printed in (
        ("google_ads", "Day,", "Customer ID", "412-558-9031", "4125589031"),
        ("meta_ads", "Reporting starts", "Account ID", "act_482910365517", "482910365517"),
    ):
        text = add_column(TEXTS[source][0], header, column, printed)
        files = land(tmp_path, contents(source, lambda _, text=text: [text]))
        registry()[source].read(files, account(source, entity=entity), MONTH)


PRINTED = [
    ("linkedin_ads", "Acme", "Acme GmbH"),
    ("ga4", "Shop", "Other shop"),
    ("wechat", "Biz=", "Other="),
    ("social_listening", "Lamps, Europe", "Lamps, China"),
]
SIGNED = {
    "wechat": lambda texts: [texts[0].replace("/s/1", "/s?__biz=Biz=&mid=1"), texts[1]],
    "social_listening": lambda texts: ['Project,"Lamps, Europe"\n' + texts[0]],
}


@pytest.mark.parametrize(("source", "printed", "other"), PRINTED)
def test_what_an_export_prints_of_its_account_is_held_against_the_book(tmp_path, source, printed, other):
    files = land(tmp_path, contents(source, SIGNED.get(source, lambda texts: texts)))
    conformed = registry()[source].read(files, account(source, printed_as=printed), MONTH)
    assert conformed.tables == registry()[source].read(files, account(source), MONTH).tables
    with pytest.raises(BadFileError) as raised:
        registry()[source].read(files, account(source, printed_as=other), MONTH)
    assert raised.value.expected == f"the file of acme ({other})"
    assert raised.value.found == f"that of {printed}"


@pytest.mark.parametrize(
    ("source", "text", "line"),
    [("ga4", GA4, "# Property: Shop\n"), ("social_listening", SOCIAL_LISTENING, "")],
)
def test_a_file_that_lost_its_sign_is_refused(tmp_path, source, text, line):
    files = land(tmp_path, contents(source, lambda _: [text.replace(line, "")]))
    with pytest.raises(BadFileError, match="found one that does not name its account"):
        registry()[source].read(files, account(source, printed_as="Shop"), MONTH)


def test_an_article_of_another_account_is_named_with_its_row(tmp_path):
    files = land(tmp_path, contents("wechat"))
    with pytest.raises(BadFileError, match=r"0.csv, row 2, column '内容url': .* does not name its account"):
        registry()["wechat"].read(files, account("wechat", printed_as="Biz="), MONTH)


def test_a_post_of_another_handle_is_refused_whatever_the_case(tmp_path):
    def by(handle):
        return contents("x", lambda texts: [texts[0].replace("example/1", f"example/{handle}/status/1", 1)])

    read(tmp_path, "x", by("Acme"))
    with pytest.raises(BadFileError, match=r"row 2, column 'Tweet permalink': .* found that of acme_us"):
        read(tmp_path, "x", by("acme_us"))


def test_a_post_of_another_page_is_refused(tmp_path):
    files = contents("facebook_pages", lambda texts: [texts[0].replace("acme_2", "acmex_2"), texts[1]])
    with pytest.raises(BadFileError, match=r"row 4, column 'Post ID': .* found that of acmex"):
        read(tmp_path, "facebook_pages", files)
