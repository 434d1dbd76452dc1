"""What people at the invented company, and its customers, write: names, posts, comments."""

from __future__ import annotations

from example import company
from example.company import Account

FIRST_NAMES = (
    *("Anna", "Björn", "Chloé", "Đorđe", "Elif", "François", "Grzegorz", "Hélène", "Ines", "Jürgen"),
    *('Kai "Speiche"', "Lærke", "Müge", "Noël", "Óscar", "Pia", "Søren", "Theo", "Ulrike", "Zoë"),
)
LAST_NAMES = (
    *("Ackermann", "Brändle", "D'Angelo", "Eberhardt", "Großkopf", "Håkansson", "Jäger, geb. Voß", "Łukasik"),
    *("Müller-Thurgau", "Nguyễn", "O'Sullivan", "Peña", "Quandt", "Şahin", "Tóth", "van der Meer", "Weiß"),
)
CHINESE_FIRST = ("伟", "䶮", "静怡", "子轩", "㛃", "海燕", "国强", "𠮷", "梓涵", "晓明")
CHINESE_LAST = ("王", "李", "张", "欧阳", "刘", "陈", "䢺", "赵", "司马", "周")
COMPANIES = (
    *(
        "Stadtwerke Pegau",
        'Radhaus "Zur Kurbel"',
        "Vélo & Fils SARL",
        "Kurier 24; Logistik",
        "Cykelhuset ApS",
    ),
    *("Velo, Inc.", "Fahrrad Öztürk", "Lichtwerk <Nord>", "Bike Co-op Portland", "Rower i Spółka"),
)
CHINESE_COMPANIES = (
    "苏州骑行装备有限公司",
    "杭州共享出行",
    "㛃月贸易(上海)",
    "广州𠮷行自行车",
    "北京绿道俱乐部",
)
COMMENTS = (
    "",
    "",
    "Alles bestens.",
    "Lampe super, Halterung naja",
    'Der Schalter "klemmt" bei Regen',
    "Livraison rapide, merci !",
    "N/A",
    "Bright, light & right 💡",
    "Erst defekt,\ndann schnell ersetzt.",
    "Preis; Leistung: ok",
    "=1+1 Sterne",
)
CHINESE_COMMENTS = (
    "",
    "",
    "很亮,夜骑放心",
    "快递有点慢",
    '支架"松"了一点',
    "䶮哥推荐,值得买",
    "N/A",
    "续航不错👍",
)

_TWEETS = (
    "Dark by five?\nNot on our watch. #nightride",
    'New: hub dynamo light with 120 lux, "made in Leipzig"',
    "Sicher & sichtbar: unser Schulweg-Check 🚸",
    "Rear light, front light, right light.",
    "Wer früher leuchtet,\r\nkommt besser an.\n\n#funkelmeyer",
    "Thank you, Eurobike! <3",
    "Repair, don't replace: spare parts for every lamp since 1974",
    "Quiz: how many lumens is a candle? 🕯️ A) 1 B) 12 C) 100",
    "-50 % gibt es nicht. Dafür 10 Jahre Garantie.",
)
_POSTS = (
    "Der Herbst ist da 🍂 Licht an!",
    'Unser Klassiker "Glühwurm" ist zurück, jetzt mit USB-C',
    "Werksführung am Samstag: Anmeldung per Mail, Plätze begrenzt",
    "Éclairez vos trajets: -20 % sur les feux arrière",
    "Vom Draht zur Diode – 150 Jahre in 3 Minuten",
    "Gewinnspiel: <b>3 Sets</b> für euren Schulweg & mehr",
    "Kundenfoto der Woche\nDanke, Zoë!",
    "Lumen, Lux, Candela: was zählt, kurz erklärt",
)
_ARTICLES = (
    "夜骑安全指南:前灯该怎么选",
    "新品㛃系列发布,一灯照亮回家路",
    '"德国制造"的150年',
    "会员日|满299减50,限时三天",
    "车友故事:䶮师傅的川藏线",
    "骑行与城市 & 光的秩序",
    "𠮷祥如意:新年限定尾灯",
    "一图读懂:流明、勒克斯、坎德拉",
    "门店地图更新,看看离你最近的是哪家🚴",
)


def post_text(account: Account, number: int) -> str:
    """What the account's post of that number says."""
    if account.source == "x":
        return _TWEETS[number % len(_TWEETS)]
    if account.source == "wechat":
        part = f"(第{number // len(_ARTICLES) + 1}期)" if account is company.WECHAT_BRAND else ""
        return _ARTICLES[number % len(_ARTICLES)] + part
    return _POSTS[number % len(_POSTS)]


def person(account: Account, number: int) -> tuple[str, str]:
    """First and last name of the contact with that number."""
    if account is company.HUBSPOT_CN:
        return CHINESE_FIRST[number * 7 % 10], CHINESE_LAST[number // 10 * 3 % 10]
    return FIRST_NAMES[number * 7 % 20], LAST_NAMES[number // 3 % 17]


def customer(account: Account, number: int) -> str:
    """A company that deals are made with."""
    names = CHINESE_COMPANIES if account is company.HUBSPOT_CN else COMPANIES
    return names[number % len(names)]


def comment(account: Account, number: int) -> str:
    """What a respondent wrote beside the scores."""
    texts = CHINESE_COMMENTS if account is company.SURVEY_CN else COMMENTS
    return texts[number % len(texts)]
