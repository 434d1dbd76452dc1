"""Numbers as people and programs write them, and what is none."""

from __future__ import annotations

import io
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scoring.errors import BadFileError
from tests.etl.formats.reading import read
from tests.etl.formats.workbooks import workbook

D = Decimal
HEADER = ["Order", "Date", "Customer", "New customer", "Sales channel", "Country", "Amount", "Currency"]


def order(number, amount, currency="EUR"):
    return [f"A-{number}", "2026-10-10", "K", "yes", "Web", "DE", amount, currency]


def amounts(folder, *written, currency="EUR", **said):
    """What the amounts of orders are, written in a CSV file."""
    rows = [HEADER, *(order(number, cell, currency) for number, cell in enumerate(written))]
    text = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)
    return read(folder, "sales", text, **said).tables["fct_sale"]["amount"].to_pylist()


def in_workbook(folder, *values):
    rows = [order(number, value) for number, value in enumerate(values)]
    return read(folder, "sales", workbook(Orders=[HEADER, *rows])).tables["fct_sale"]["amount"].to_pylist()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (("1,23,456.00", "7,250.00", "950"), (D(123456), D(7250), D(950))),
        (("12,34,56,789", "1,234"), (D(123456789), D(1234))),
        (("250,50-", "1.000,00"), (D("-250.50"), D(1000))),
        (("+300,00", "-1.000,25"), (D(300), D("-1000.25"))),
        (("99.31000000000001", "33.333333333333336"), (D("99.31"), D("33.333333"))),
    ],
    ids=["lakhs and thousands", "crores", "minus at the end", "plus", "tails of doubles"],
)
def test_numbers_in_many_hands(tmp_path, written, expected):
    assert tuple(amounts(tmp_path, *written)) == expected


@pytest.mark.parametrize("written", ["1,23,45.00", "+-3.00", "-3.00-", "(3.00)-", "5.1234567", "1e5"])
def test_what_is_no_number(tmp_path, written):
    with pytest.raises(BadFileError, match="row 2, column 'Amount': expected a number such as"):
        amounts(tmp_path, written, "2.25")


SOGOU = (
    "时间,推广计划名称,推广计划ID,展现数,点击次数,消费,转化量,设备类型,推广账户\n"
    "2026-10-01,A,600,3,{clicks},{cost},0,d,acct-1\n2026-10-02,A,600,30,999,1250.96,0,d,acct-1\n"
)


def test_a_count_that_only_another_style_than_the_amounts_makes_whole_is_refused(tmp_path):
    text = SOGOU.format(clicks="7.001", cost="0.80")
    with pytest.raises(
        BadFileError, match=r"'点击次数': expected whole numbers, .*'7.001', which is whole only"
    ):
        read(tmp_path, "sogou_ads", text, currency_code="CNY")
    found = read(tmp_path, "sogou_ads", text, currency_code="CNY", numbers="german")
    assert found.tables["fct_ad_daily"]["clicks"].to_pylist() == [7001, 999]


def test_a_count_is_read_where_amounts_are_written_in_its_style_or_in_none(tmp_path):
    german = SOGOU.format(clicks="7.001", cost='"0,80"').replace("1250.96", '"1250,96"')
    plain = SOGOU.format(clicks="7.001", cost="1").replace("1250.96", "2")
    for text in (german, plain):
        clicks = read(tmp_path, "sogou_ads", text, currency_code="CNY").tables["fct_ad_daily"]["clicks"]
        assert clicks.to_pylist() == [7001, 999]


def test_an_amount_that_the_other_amounts_make_thousandths_is_refused_also_where_the_format_has_thousands(
    tmp_path,
):
    text = (
        "Dia;Campanha;Código da campanha;Código da moeda;Impr.;Cliques;Custo;Conversões;Valor de conv.\n"
        "2026-10-01;A;600;EUR;3;999;7.001;12.00;{0}\n"
        "Total: Account;;;;3;999;7.001;12.00;{0}\n"
    )
    with pytest.raises(BadFileError, match=r"'Custo': expected numbers .* one way only, found '7.001'"):
        read(tmp_path, "google_ads", text.format("0.53"), currency_code="EUR")
    found = read(tmp_path, "google_ads", text.replace("12.00", "12,00").format("0,53"), currency_code="EUR")
    assert found.tables["fct_ad_daily"]["spend"].to_pylist() == [D(7001)]


def test_too_many_digits_are_told_as_such(tmp_path):
    with pytest.raises(BadFileError, match=r"with at most 6 digits after the point, found '5.1234567'"):
        amounts(tmp_path, "5.1234567")


def test_many_blanks_in_a_number_take_no_time(tmp_path):
    with pytest.raises(BadFileError, match="expected a number such as"):
        amounts(tmp_path, "1" + " " * 100_000 + "x")


def test_programs_keep_doubles_whose_last_digits_are_nobodys(tmp_path):
    assert in_workbook(tmp_path, 1 / 3, 200_000 / 3, 100 / 3) == [
        D("0.333333"),
        D("66666.666667"),
        D("33.333333"),
    ]
    with pytest.raises(
        BadFileError, match="expected a number, with at most 6 digits after the point, found '1E-09'"
    ):
        in_workbook(tmp_path, 1e-9)


@pytest.mark.parametrize("word", ["null", "NULL"])
def test_words_of_databases_for_no_value(tmp_path, word):
    text = "Date,Session default channel group,Sessions,Total revenue\n20261001,Direct,10,{}\n"
    found = read(tmp_path, "ga4", text.format(word), currency_code="USD").tables["fct_web_daily"]
    assert (
        found["revenue"].to_pylist()
        == read(tmp_path, "ga4", text.format(""), currency_code="USD")
        .tables["fct_web_daily"]["revenue"]
        .to_pylist()
    )
    with pytest.raises(BadFileError, match="found 'NaN'"):
        read(tmp_path, "ga4", text.format("NaN"), currency_code="USD")


def parquet(**columns):
    content = io.BytesIO()
    pq.write_table(pa.table(columns), content)
    return content.getvalue()


@pytest.mark.parametrize("kind", [pa.float32(), pa.float64()])
def test_short_and_long_doubles(tmp_path, kind):
    rows = zip(*(order(number, None) for number in range(3)), strict=True)
    columns = {name: list(cells) for name, cells in zip(HEADER, rows, strict=True)}
    columns["Amount"] = pa.array([99.31, 12345678.0, 0.5], kind)
    found = read(tmp_path, "sales", parquet(**columns)).tables["fct_sale"]
    assert found["amount"].to_pylist() == [D("99.31"), D(12345678), D("0.5")]


@pytest.mark.parametrize("kind", [pa.float32(), pa.float64()])
def test_no_number_of_a_program_is_a_null(tmp_path, kind):
    days = {
        "Date": ["20261001", "20261002"],
        "Session default channel group": ["Direct"] * 2,
        "Sessions": [1, 2],
    }
    revenue = pa.array([float("nan"), 2.5], kind)
    found = read(tmp_path, "ga4", parquet(**days, **{"Total revenue": revenue}), currency_code="USD")
    assert found.tables["fct_web_daily"]["revenue"].to_pylist() == [None, D("2.5")]


def test_a_parquet_file_with_a_broken_name(tmp_path):
    content = parquet(Order=["A"], Amount=[1.0]).replace(b"Amount", b"Am\xff\xfent")
    with pytest.raises(BadFileError, match="expected a Parquet file, found a damaged one"):
        read(tmp_path, "sales", content)


@pytest.mark.parametrize("cell", ["12K", "1.2M", "12 k", "$1.2m", "3,4 Mio.", "12 Tsd.", "€ 5bn"])
def test_a_number_that_a_page_has_rounded_says_where_its_digits_are(tmp_path, cell):
    with pytest.raises(BadFileError, match=r"is rounded, as a page shows it.* own download") as refused:
        amounts(tmp_path, "7.50", cell)
    assert refused.value.found == repr(cell)


@pytest.mark.parametrize("cell", ["1e3", "1E+03", "1.23457E+12", "-2,5e-05"])
def test_a_number_to_a_power_of_ten_says_that_it_was_shortened(tmp_path, cell):
    with pytest.raises(BadFileError, match=r"shortened numbers to powers of ten.* not opened before"):
        amounts(tmp_path, "7.50", cell)


@pytest.mark.parametrize("cell", ["much", "12 apples", "K", "1.2.3"])
def test_what_is_no_number_at_all_says_nothing_of_digits(tmp_path, cell):
    with pytest.raises(BadFileError, match="export the report again"):
        amounts(tmp_path, "7.50", cell)
