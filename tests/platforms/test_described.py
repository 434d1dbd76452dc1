"""What is asked and what the stand-in answers is as the platforms' own descriptions say."""

from __future__ import annotations

import json
import re

import pytest

from tests.platforms.described import DESCRIBED, faults


@pytest.mark.parametrize("name", DESCRIBED)
def test_questions_and_answers_are_as_described(standing, name):
    theirs = standing(name)
    assert theirs.land("WEB" if name == "jira" else "1001")
    for each in DESCRIBED[name]:
        met = [pair for pair in theirs.standin.answered if re.fullmatch(each.path, pair[0].path)]
        assert met, each.path
        for asked, reply in met:
            question = asked.body if asked.method == "POST" else asked.params
            assert [*faults(question, each.question)] == [], each.source
            assert [*faults(json.loads(reply.payload), each.answer)] == [], each.source


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"rowCount": "3"}, "rowCount: '3' is no count"),
        (
            {"rows": [{"dimensionValues": [{"value": 3}]}]},
            r"rows\[\].dimensionValues\[\].value: 3 is no text",
        ),
        ({"rows": {}}, "is no list"),
        ({"rowcount": 3}, "rowcount is not described"),
        ([], r"\[\] is no object"),
    ],
)
def test_what_is_not_as_described_is_found(value, said):
    (answer,) = (each.answer for each in DESCRIBED["ga4"])
    assert re.search(said, next(faults(value, answer)))
