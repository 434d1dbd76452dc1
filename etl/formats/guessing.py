"""What the columns of an unknown table could be: guesses by name and by cells, for a person to look at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

import pyarrow.compute as pc

from etl.formats.definition import Format
from etl.formats.library import shipped_formats
from etl.formats.recognition import normal
from etl.reading.days import moment
from etl.reading.document import Candidate
from etl.reading.records import Body, Record
from etl.reading.styles import STYLES, written
from scoring.errors import BadFileError

NO_VALUE = frozenset({"", "-", "--", "—", "n/a", "null", "none"})
TOTAL = re.compile(
    r"(grand ?)?total\b.*|summe\b.*|gesamt\b.*|totale|totaal|suma|soma|合計.*|合计.*|总计.*|總計.*", re.I
)
_MOST_LOOKED_AT = 2000
_MOSTLY = 0.95


@dataclass(frozen=True)
class Column:
    """A column of an unknown table, with up to two thousand of its cells."""

    name: str
    place: int
    cells: tuple[str, ...]
    is_plain: bool = False

    @cached_property
    def known(self) -> list[str]:
        """The cells with a value."""
        return [cell for cell in self.cells if cell.casefold() not in NO_VALUE]

    @cached_property
    def kinds(self) -> frozenset[str]:
        """What all (or all but a few) of its cells can be."""
        tests = {
            "day": _is_day,
            "count": lambda cell: any(_whole(cell, name) for name in STYLES),
            "amount": _is_number,
            "currency": lambda cell: bool(re.fullmatch("[A-Z]{3}", cell)),
            "flag": lambda cell: cell.casefold() in _FLAGS,
        }
        return frozenset({"text", *(kind for kind, test in tests.items() if self._mostly(test))})

    def _mostly(self, test: Callable[[str], bool]) -> bool:
        hits = sum(test(cell) for cell in self.known)
        return bool(self.known) and hits >= _MOSTLY * len(self.known)

    @property
    def is_unique(self) -> bool:
        """Whether every row has another value."""
        return bool(self.cells) and len(set(self.known)) == len(self.cells)


_FLAGS = frozenset(
    [
        "true",
        "false",
        "yes",
        "no",
        "1",
        "0",
        "ja",
        "nein",
        "oui",
        "non",
        "sí",
        "si",
        "sim",
        "não",
        "是",
        "否",
        "はい",
        "いいえ",
    ]
)


def _is_day(cell: str) -> bool:
    try:
        moment(cell).day("month_first")
    except ValueError:
        return _is_day_first(cell)
    return True


def _is_day_first(cell: str) -> bool:
    try:
        moment(cell).day("day_first")
    except ValueError:
        return False
    return True


def _is_number(cell: str) -> bool:
    try:
        number = written(cell)
    except ValueError:
        return False
    return any(re.fullmatch(style.pattern, number.number) for style in STYLES.values())


def _whole(cell: str, name: str) -> bool:
    try:
        value = written(cell).value(STYLES[name])
    except ValueError:
        return False
    return value == value.to_integral_value()


@dataclass(frozen=True)
class Unknown:
    """A table of no known format: where its header seems to be, and its columns."""

    candidate: Candidate
    header: Record
    body: Body
    columns: tuple[Column, ...]
    label: Column | None
    """The column in which a row says that it is a total."""


def unknown_table(candidates: Iterator[Candidate]) -> Unknown | None:
    """The table with the most columns of all that the file could hold; None for none with rows."""
    # one after the other: a large file would be held once for each separator
    found = (table for each in candidates if (table := _table_in(each)) is not None)
    return max(found, key=lambda table: len(table.columns), default=None)


def _table_in(candidate: Candidate) -> Unknown | None:
    header = _header_of(candidate.table.head())
    body = None if header is None else _body(candidate, header)
    if header is None or body is None:
        return None
    columns = [*columns_of(header, body)]
    rows = _data_rows(columns)
    cut = (replace(each, cells=tuple(each.cells[row] for row in rows)) for each in columns)
    return Unknown(candidate, header, body, tuple(cut), next(filter(_says_total, columns), None))


def _says_total(column: Column) -> bool:
    return any(map(TOTAL.fullmatch, column.cells))


def _body(candidate: Candidate, header: Record) -> Body | None:
    """The rows below the header, if there are any that can be cut."""
    try:
        body = candidate.table.body(header, range(len(header.cells)))
    except BadFileError:
        return None
    return body if len(body.rows) else None


def _header_of(head: Sequence[Record]) -> Record | None:
    """The first row of the widest ones whose cells are all different names, and no numbers or days."""
    likely = [record for record in head if _could_be_header(record)]
    widest = max((_width(record) for record in likely), default=0)
    return next((record for record in likely if _width(record) == widest), None) if widest > 1 else None


def _width(record: Record) -> int:
    return sum(bool(cell) for cell in record.cells)


def _could_be_header(record: Record) -> bool:
    names = [cell for cell in record.cells if cell]
    return bool(names) and not any(_is_number(cell) or _is_day(cell) for cell in names)


def columns_of(header: Record, body: Body) -> Iterator[Column]:
    """The columns of a table whose names stand there once."""
    doubled = [normal(name) for name in header.cells]
    for place, name in enumerate(header.cells):
        if normal(name).isprintable() and name and doubled.count(normal(name)) == 1:
            cells = pc.utf8_trim_whitespace(body.columns[place].slice(0, _MOST_LOOKED_AT)).to_pylist()
            is_plain = place in body.plain and bool(pc.any(body.plain[place]).as_py())
            yield Column(name, place, tuple(cells), is_plain)


def _data_rows(columns: Sequence[Column]) -> list[int]:
    """The rows in which nothing says that they are a total."""
    count = min(len(each.cells) for each in columns) if columns else 0
    return [row for row in range(count) if not any(TOTAL.fullmatch(each.cells[row]) for each in columns)]


@dataclass(frozen=True)
class Wanted:
    """A field of a fact: what its column may be called, what its cells must be, what else it can be.

    `names` are patterns, the most telling first, parted by ` || `; `unlike` are names that it never has.
    """

    field: str
    names: str
    kind: str = "text"
    stands_in: str = ""
    """What the format says where there is no column, as YAML."""
    rule: str = ""
    """What it says where there is one."""
    unlike: str = "$^"
    needs: str = ""
    """Another field without which it is not taken: what was not won has amounts, too."""

    @cached_property
    def patterns(self) -> list[re.Pattern[str]]:
        """What matches the names, the most telling first."""
        return [re.compile(names, re.IGNORECASE) for names in self.names.split(" || ")]

    def may_be(self, column: Column) -> bool:
        """Whether the column's cells and name allow it."""
        if re.search(self.unlike, normal(column.name)) or not column.known:
            return False
        if self.kind == "text":
            return "day" not in column.kinds and not (self.is_id and not column.is_unique)
        return self.kind in column.kinds

    @property
    def is_id(self) -> bool:
        """Whether each row has another one."""
        return self.field in ("lead_id", "response_id")


_DAY = r"\b(date|day|datum|tag|jour|fecha|día|dia|data|giorno|dag)\b|日期|时间|日付|日時|^日$"
_OWNER = r"team|owner|\brep\b|sales ?person|source|channel|campaign|region|zuständig|verantwort|quelle|kanal"
_OWNER += r"|kampagne|vertrieb|équipe|canal|origen|负责人|来源|渠道|团队|担当|チーム"
_ID = r"\bid\b|\bnr\b|\bno\b|number|nummer|numéro|número|编号|番号|^#$"
_LATER = r"clos|updat|modif|last|geändert|letzte|geburt|birth|won|gewonnen|成交|更新"
_CLOSED = r"^(?!.*\bwon\b).*(clos|abschluss|cierre|fermeture|fecha de fech|关闭|结束|クローズ)"
_PERSON = "lead|contact|record|prospect|enquiry|request|kontakt|anfrage|interessent|线索|客户"
_MONEY = "{take: currency}"
_CURRENCY = Wanted(
    "currency_code", r"currency|währung|devise|moneda|moeda|valuta|币种|货币|通貨", "currency", _MONEY
)

WANTED: Mapping[str, tuple[Wanted, ...]] = {
    "fct_ad_daily": (
        Wanted(
            "spend",
            r"spend|spent|\bcosts?\b|kosten|ausgaben|dépense|coût|gasto|coste|custo|消耗|花费|费用",
            "amount",
        ),
        Wanted("impressions", r"^impr|impress|einblend|展示|展现|曝光|表示回数", "count"),
        Wanted("clicks", r"^clicks?\b|klicks?|^clics?|cliques|点击|クリック", "count"),
        Wanted("activity_date", _DAY, "day"),
        Wanted(
            "campaign_id",
            rf"(campaign|kampagne|campagne|campaña|计划|项目).*({_ID})",
            "text",
            "{copy: campaign_name}",
        ),
        Wanted(
            "campaign_name",
            "campaign|kampagne|campagne|campaña|campanha|计划|项目|キャンペーン",
            "text",
            "{copy: campaign_id}",
        ),
        Wanted(
            "ad_group_id", rf"(ad ?(group|set)|anzeigengruppe|广告组).*({_ID})", "text", "{copy: campaign_id}"
        ),
        Wanted("ad_group_name", "ad ?(group|set)|anzeigengruppe|广告组", "text", "{copy: campaign_name}"),
        Wanted("conversions", "^conversions?$|^results?$|^leads$|konversion|转化数", "amount"),
        Wanted("conversion_value", "conv.*value|revenue|umsatz|成交金额", "amount"),
        Wanted("owner_key", "$^", "text", "{copy: campaign_id}"),
        _CURRENCY,
    ),
    "fct_web_daily": (
        Wanted("sessions", r"sessions?|visits?|sitzungen|besuche|visitas|visites|会话|访问", "count"),
        Wanted("activity_date", _DAY, "day"),
        Wanted("channel", r"channel|source|medium|kanal|quelle|canal|渠道|来源", "text", "{constant: all}"),
        Wanted("engaged_sessions", r"engaged", "count"),
        Wanted("conversions", r"conversions?|key events|goals?", "amount"),
        Wanted("revenue", r"revenue|umsatz", "amount"),
        Wanted("owner_key", "$^", "text", "{copy: channel}"),
        _CURRENCY,
    ),
    "fct_social_post": (
        Wanted(
            "post_id",
            rf"(post|tweet|video|media|content|beitrag|article|文章|笔记|作品).*({_ID}|url|link)|permalink",
            "text",
        ),
        Wanted("impressions", r"impressions|views|aufrufe|vues|阅读|播放|浏览|曝光", "count"),
        Wanted("reach", r"reach|reichweite|portée|alcance", "count"),
        Wanted("engagements", r"engagements?|interactions?|interaktion|互动", "count"),
        Wanted("posted_date", rf"publish|posted|veröffentlich|发布|发表 || {_DAY}", "day"),
        Wanted("title", "title|text|caption|message|titel|标题", "text", "{constant: ''}", "{blank: ''}"),
        Wanted("owner_key", "$^", "text", "{take: entity}"),
    ),
    "fct_page_daily": (
        Wanted("followers", "followers|follower|fans|abonnenten|abonnés|seguidores|粉丝|关注人数", "count"),
        Wanted("activity_date", _DAY, "day"),
        Wanted("new_followers", "new.*follow|follows|gained|neue.*follower|新增", "count"),
        Wanted("owner_key", "$^", "text", "{take: entity}"),
    ),
    "fct_survey_response": (
        Wanted(
            "nps_score", r"\bnps\b|recommend|0 ?[-–] ?10|weiterempf|推荐", "count", rule="{bounds: [0, 10]}"
        ),
        Wanted("csat_score", r"\bcsat\b|satisf|1 ?[-–] ?5|zufrieden|满意", "count", rule="{bounds: [1, 5]}"),
        Wanted("response_id", _ID, "text"),
        Wanted("responded_date", rf"submit|respon|complet|beantwortet|提交 || {_DAY}", "day"),
        Wanted(
            "owner_key", f"survey|umfrage|问卷 || {_OWNER}", "text", "{constant: (none)}", "{blank: (none)}"
        ),
    ),
    "fct_sale": (
        Wanted(
            "order_id",
            rf"(order|invoice|auftrag|bestell|rechnung|commande|pedido|订单|注文).*({_ID}|$)",
            "text",
        ),
        Wanted(
            "amount",
            r"amount|total|revenue|net|betrag|umsatz|summe|montant|importe|valor|金额|合计",
            "amount",
        ),
        Wanted("order_date", rf"order.*date || {_DAY}", "day"),
        Wanted("customer_id", r"customer|client|kunde|cliente|buyer|客户|顧客", "text", "{copy: order_id}"),
        Wanted("is_new_customer", r"new|first|neu|nouveau|nuevo|新", "flag", "{constant: 'false'}"),
        Wanted("owner_key", f"shop|store || {_OWNER}", "text", "{constant: (none)}", "{blank: (none)}"),
        Wanted("country_code", r"country|land|pays|país|国家|国", "text", "{constant: ZZ}"),
        _CURRENCY,
    ),
    "fct_lead": (
        Wanted(
            "lead_id",
            rf"({_PERSON}).*({_ID}) || {_ID}",
            "text",
        ),
        Wanted("mql_date", r"\bmql\b|marketing.qualified", "day"),
        Wanted("sql_date", r"\bsql\b|sales.(qualified|accepted)", "day"),
        Wanted("won_date", r"\bwon\b|gewonnen|gagné|ganad|成交|赢单|成約", "day", unlike=_CLOSED),
        Wanted(
            "created_date",
            rf"creat|submit|received|eingang|erstell|angelegt|eingegangen|创建 || {_DAY}",
            "day",
            unlike=_LATER,
        ),
        Wanted(
            "deal_amount",
            r"amount|value|revenue|betrag|umsatz|wert|montant|importe|valor|金额",
            "amount",
            needs="won_date",
        ),
        Wanted("owner_key", _OWNER, "text", "{constant: (none)}", "{blank: (none)}"),
        Wanted("is_test", r"\btest\b|测试", "flag", "{constant: 'false'}"),
        replace(_CURRENCY, needs="deal_amount"),
    ),
}
_SIGNATURES: Mapping[str, tuple[str, ...]] = {
    "fct_ad_daily": ("spend", "impressions clicks", "activity_date", "campaign_id campaign_name"),
    "fct_web_daily": ("sessions", "activity_date"),
    "fct_social_post": ("post_id", "impressions reach engagements", "posted_date"),
    "fct_page_daily": ("followers", "activity_date"),
    "fct_survey_response": ("nps_score csat_score", "response_id", "responded_date"),
    "fct_sale": ("order_id", "amount", "order_date"),
    "fct_lead": ("lead_id", "created_date"),
}
"""For each fact the fields that a table must have for it, one of each group."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A column for a field, and why it is thought to be the one."""

    wanted: Wanted
    column: Column
    why: str


def guesses(table: Unknown) -> tuple[str, list[Guess]] | None:
    """The fact that most columns speak for, with a column for each field that has one; None for none."""
    found = {fact: [*_assigned(fact, table)] for fact in WANTED}
    fitting = {fact: some for fact, some in found.items() if _has_signature(fact, some)}
    if not fitting:
        return None
    fact = max(fitting, key=lambda each: sum(guess.why == BY_NAME for guess in fitting[each]))
    return fact, fitting[fact]


BY_NAME, BY_CELLS = "by its name", "by its cells"


def _has_signature(fact: str, found: Sequence[Guess]) -> bool:
    fields = {guess.wanted.field for guess in found}
    return all(fields & set(group.split()) for group in _SIGNATURES[fact])


def _assigned(fact: str, table: Unknown) -> Iterator[Guess]:
    free, fields = list(table.columns), {""}
    for wanted in WANTED[fact]:
        found = (_named(fact, wanted, free) or _by_cells(wanted, free)) if wanted.needs in fields else None
        if found is not None:
            free.remove(found.column)
            fields.add(wanted.field)
            yield found


def _named(fact: str, wanted: Wanted, free: Sequence[Column]) -> Guess | None:
    fitting = [each for each in free if wanted.may_be(each)]
    known = _vocabulary(fact).get(wanted.field, frozenset())
    tests: list[Callable[[str], object]] = [known.__contains__]
    tests += [pattern.search for pattern in wanted.patterns]
    for test in tests:
        for column in fitting:
            if test(normal(column.name)):
                return Guess(wanted, column, BY_NAME)
    return None


def _by_cells(wanted: Wanted, free: Sequence[Column]) -> Guess | None:
    """A column of days, or one whose values are all different, where no name says which it is."""
    if wanted.field in ("created_date", "activity_date", "order_date", "posted_date", "responded_date"):
        column = next((each for each in free if wanted.may_be(each)), None)
    elif wanted.field in ("lead_id", "response_id"):
        column = min(filter(_could_be_id, free), key=_unlikeness_to_id, default=None)
    else:
        return None
    return None if column is None else Guess(wanted, column, BY_CELLS)


def _could_be_id(column: Column) -> bool:
    is_broken = "amount" in column.kinds and "count" not in column.kinds
    return column.is_unique and not is_broken and not column.kinds & {"day", "flag"}


def _unlikeness_to_id(column: Column) -> tuple[bool, bool]:
    """Words with blanks are names, and addresses are personal: an id is rather neither."""
    sample = column.known[:50]
    return any(" " in cell for cell in sample), any("@" in cell for cell in sample)


@cache
def _vocabulary(fact: str) -> Mapping[str, frozenset[str]]:
    """How the shipped formats call the fields of a fact, in all languages."""
    found: dict[str, set[str]] = {}
    for form in shipped_formats().values():
        if form.fact == fact:
            for field, name in _names(form):
                found.setdefault(field, set()).add(normal(name))
    return {field: frozenset(names) for field, names in found.items()}


def _names(form: Format) -> Iterator[tuple[str, str]]:
    for fields in form.headers.values():
        for field, names in fields.items():
            yield from ((field, name) for name in names if not name.startswith("/"))


def wanted_of(fact: str) -> tuple[Wanted, ...]:
    """The fields of a fact, as they are looked for."""
    return WANTED[fact]
