from scoring.text import LANGUAGES, LocalText, numbered


def test_a_text_is_there_in_every_language():
    text = LocalText("Orders", "订单")
    assert {language: text.to(language) for language in LANGUAGES} == {"en": "Orders", "zh_CN": "订单"}


def test_a_number_goes_with_what_it_counts():
    assert [numbered(count, "card") for count in (0, 1, 2, 1000)] == [
        "0 cards",
        "1 card",
        "2 cards",
        "1,000 cards",
    ]
