"""The pages in a headless Chromium, from the folder itself: the search, and that nothing is fetched or refused."""

from __future__ import annotations

import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.publishing.read_back import read


def looked_at_by(browser, address, folder, *words):
    """The document as it is once its script has run, and what the browser complained of."""
    usual = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr"]
    asked = [browser, *usual, *words, f"--user-data-dir={folder}/profile", "--dump-dom", address]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60)
    return read(done.stdout), [line for line in done.stderr.splitlines() if "CONSOLE" in line]


@pytest.fixture(scope="module")
def looked_at(browser, archive, tmp_path_factory):
    """What the browser makes of pages: each its document, and what it complained of."""

    def look(address):
        return looked_at_by(browser, f"{archive.as_uri()}/{address}", tmp_path_factory.mktemp("profile"))

    addresses = {
        "search": "index.html#q=net%20PROMOTER%20october",
        "chinese": "index.html#q=%E5%87%80%E6%8E%A8%E8%8D%90 %E7%8E%8B%E8%96%87",
        "nothing": "index.html#q=nowhere",
        "index": "index.html",
        "card": "2026-09/north-2026-09-r2.html",
    }
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(addresses, pool.map(look, addresses.values()), strict=True))


def results(page):
    (found,) = [node for node in page.all("ul") if node["id"] == "results"]
    return [[link["href"] for link in item.all("a")] for item in found.all("li")]


def said(page):
    return next(node.text for node in page.all("p") if node["id"] == "found")


def test_no_page_asks_for_anything_or_breaks_its_own_policy(looked_at):
    assert {name: complaints for name, (_, complaints) in looked_at.items() if complaints} == {}


def test_a_search_finds_cards_by_all_of_its_words_and_leads_to_the_kpi(looked_at):
    page, _ = looked_at["search"]
    assert said(page) == "Cards found: 2"
    assert results(page) == [
        [f"2026-10/{team}-2026-10-r1.html", f"2026-10/{team}-2026-10-r1.html#kpi-nps"]
        for team in ("north", "south")
    ]
    (all_cards,) = [node for node in page.all("div") if node["id"] == "all"]
    assert "hidden" in all_cards.attributes


def test_a_search_takes_chinese_and_names_of_people(looked_at):
    assert [first for first, *_ in results(looked_at["chinese"][0])] == [
        "2026-10/south-2026-10-r1.html",
        "2026-09/south-2026-09-r2.html",
    ]


def test_a_search_that_finds_nothing_says_so(looked_at):
    page, _ = looked_at["nothing"]
    assert (said(page), results(page)) == ("Cards found: 0", [])


def test_with_scripts_there_is_a_search_and_nothing_is_hidden(looked_at):
    page, _ = looked_at["index"]
    assert not [node for node in page.all("div") if "hidden" in node.attributes]
    assert said(page) == ""


WIDTH = "<script>document.title = document.documentElement.scrollWidth - innerWidth</script></body>"


@pytest.mark.parametrize("width", [390, 840])
@pytest.mark.parametrize("name", ["index.html", "2026-09/north-2026-09-r2.html"])
def test_no_page_is_wider_than_its_window_whatever_the_names(browser, archive, tmp_path, name, width):
    """A script of the test's own measures it, in a copy without the policy that forbids it."""
    html = re.sub("<meta http-equiv[^>]*>", "", (archive / name).read_text("utf-8"))
    html = re.sub("Marketing North|Net promoter score", "W" * 120, html)
    page = tmp_path / "page.html"
    page.write_text(
        html.replace("12.5</td>", "€1,234,567,890,123.25</td>").replace("</body>", WIDTH), "utf-8"
    )
    dom, _ = looked_at_by(browser, page.as_uri(), tmp_path, f"--window-size={width},800")
    assert int(dom.all("title")[0].text) <= 0
