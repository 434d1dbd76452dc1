from scoring.text import LANGUAGES, LocalText


def test_a_text_is_there_in_every_language():
    text = LocalText("Orders", "订单")
    assert {language: text.to(language) for language in LANGUAGES} == {"en": "Orders", "zh_CN": "订单"}
