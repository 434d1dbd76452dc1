"""Texts in encodings that nothing says: read where the bytes or the header prove them, and else refused."""

from __future__ import annotations

import pytest

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
