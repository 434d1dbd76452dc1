"""Texts in encodings that nothing says: read where the bytes or the header prove them, and else refused."""

from __future__ import annotations

from typing import get_args

import pytest

from book.files.shapes import Encoding
from etl.reading.decoding import EASTERN, SAID, WESTERN
from scoring.errors import BadFileError
from tests.etl.formats.reading import read, remarks

LEADS = "Lead ID,Created Date,Lead Status,Lead Source\n1,2026-10-01,Open,{}\n"
JAPANESE = (
    "広告グループ レポート\n2026/10/01 - 2026/10/31\n日,キャンペーン,キャンペーン ID,広告グループ,広告グループ ID,通貨コード,表示回数,クリック数,費用\n"
    "2026/10/01,春,201,基本,901,JPY,100,5,1200\n合計: 広告グループ, --, --, --, --,JPY,100,5,1200\n"
)


def owner(folder, text, written_in="utf-8", **said):
    """The only owner of leads with this name in an encoding, and the findings."""
    found = read(folder, "salesforce", LEADS.format(text).encode(written_in), **said)
    return found.tables["fct_lead"]["owner_key"].to_pylist()[0], remarks(found)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("서울팀", "cp949"),
        ("北京团队", "gb18030"),
        ("Süd", "mac-roman"),
        ("Läden", "mac-roman"),
        ("Móc żółw", "cp1250"),
    ],
)
def test_bytes_that_fit_several_encodings_are_refused(tmp_path, text, encoding):
    with pytest.raises(BadFileError, match="expected text of which the encoding is known"):
        owner(tmp_path, text, encoding)


@pytest.mark.parametrize("text", ["Süd", "Équipe d’or", "Büro – Ost", "cœur"])
def test_western_texts_are_sure(tmp_path, text):
    assert owner(tmp_path, text, "cp1252") == (text, ())


def test_the_account_may_say_it(tmp_path):
    assert owner(tmp_path, "서울팀", "cp949", encoding="cp949") == ("서울팀", ())


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-16-le"])
def test_a_header_in_letters_of_its_own_proves_it(tmp_path, encoding):
    found = read(tmp_path, "google_ads", JAPANESE.encode(encoding), currency_code="JPY")
    assert found.tables["fct_ad_daily"]["campaign_name"].to_pylist() == ["春"]


def test_names_that_were_decoded_wrongly_before_are_a_finding(tmp_path):
    assert owner(tmp_path, "Süd".encode().decode("cp1252")) == ("SÃ¼d", ("names_damaged",))


@pytest.mark.parametrize("text", ["Team Su\u0308d", "Team\u00a0Süd", "Team\u202fSüd"])
def test_names_that_look_the_same_are_the_same(tmp_path, text):
    assert owner(tmp_path, text) == ("Team Süd", ())


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_a_mark_of_utf_16_within_makes_no_other_encoding_of_the_names(tmp_path, mark):
    """Where two files were put together: `Büro` was read as Japanese, and columns by such names were lost."""
    rows = "".join(f"{lead},2026-10-01,Open,Büro\n" for lead in range(2, 14))
    content = (LEADS.format("Büro") + rows).encode() + b"14,2026-10-01,Open" + mark + ",Büro\n".encode()
    found = read(tmp_path, "salesforce", content)
    assert set(found.tables["fct_lead"]["owner_key"].to_pylist()) == {"Büro"}


def read_or_refused(folder, text, encoding):
    try:
        return owner(folder, text, encoding)[0]
    except BadFileError as error:
        return "refused" if "expected text " in str(error) else str(error)


@pytest.mark.parametrize(
    ("encoding", "texts"),
    [
        ("cp1250", "Wrocław|Ryś|Kąkol|Grażyna|Bełchatów|Żory|Lędziny|Bytoń|Ćmielów Ślesin|ŚRÓDMIEŚCIE WĘZEŁ"),
        (
            "cp1250",
            "Třinec|Kroměříž|Šternberk Můstek|Vsetín Děčín|Čelákovice|Jičín|Opočno|Ľubotice|Ruský Ňakovec",
        ),
        ("cp1250", "Szentendrő|Fejér Dűlő|Kőszeg|Ţăndărei|Focşani|Râmnicu Sărat|Şomcuta|Đorđe|Nišić"),
        ("iso-8859-2", "Wrocław|Kąkol|Grażyna|Šumperk|Žatec|Bełchatów"),
        ("cp1254", "Bağcılar|Üsküdar Şube|Ataşehir|Iğdır|Iğdır İl|İnegöl|Tarabya Çarşı|Kırıkkale"),
        ("cp1257", "Šakiai|Kėdainiai Žiežmariai|Kuldīga Ņikra Žeimele"),
        ("cp1251", "Восток|Запад|Отдел продаж|Казань Уфа|Львів|Ирина"),
        ("koi8-r", "Восток|Запад|Отдел продаж|Ирина"),
        ("cp1253", "Κρήτη|Βόλος|Ανατολή|Ρόδος"),
        ("cp874", "เชียงใหม่|ภูเก็ต|ฝ่ายขาย"),
        ("cp1255", "ירושלים|מזרח|חיפה"),
        ("cp1256", "القاهرة|شرق|جدة"),
    ],
)
def test_names_of_a_region_are_never_read_as_others_and_are_read_where_the_account_says_it(
    tmp_path, encoding, texts
):
    """Read with other letters, they would be owners that no team has."""
    for text in texts.split("|"):
        assert read_or_refused(tmp_path, text, encoding) in (text, "refused")
        assert owner(tmp_path, text, encoding, encoding=encoding) == (text, ())


@pytest.mark.parametrize(
    "texts",
    [
        "Gießen Süd|Mönchengladbach|Œuvres|L’Haÿ|Bœuf|Éloïse|Nîmes Ouest|Forêt-Noire|Cañada|Peña|¿Dónde?|Mª Pía",
        "Maranhão|Paixão|Avó|Lecce Città|Gesù|Tromsøya|Ærøskøbing|Rønne|Ytterån|Malmö|Umeå|Tågarp|Jyväskylä",
        "12 m³|£4.000 (£m)|½ Liter|Nº 7|Acme® Süd|« Été »|Coöperatie|België|Zoë",
    ],
)
def test_names_of_the_west_are_not_doubted(tmp_path, texts):
    for text in texts.split("|"):
        assert owner(tmp_path, text, "cp1252") == (text, ())


def test_the_sentence_names_a_way_out_that_the_book_takes(tmp_path):
    with pytest.raises(
        BadFileError, match=r"`encoding` at the account .* such as cp1250 for Polish or cp1254"
    ):
        owner(tmp_path, "Łomża", "cp1250")
    assert {*get_args(Encoding)} == {*SAID, *WESTERN, *EASTERN, "utf-8", "utf-16-le", "utf-16-be"}
