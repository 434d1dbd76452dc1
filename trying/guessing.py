"""What the columns of an unknown table could be: guesses by name and by cells, for a person to look at."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from itertools import chain, product
from operator import attrgetter, itemgetter

from etl.formats.cells import FLAGS
from etl.formats.library import shipped_formats
from etl.formats.numbers import is_shortened
from etl.formats.recognition import normal
from etl.formats.unread import KINDS, are_mostly, cells_at, is_day, with_value
from etl.reading.document import Candidate
from etl.reading.records import Body, Record
from etl.reading.styles import readings
from scoring.errors import BadFileError

TOTAL = re.compile(
    r"(grand ?)?total\b.*|summe\b.*|gesamt\b.*|totale|totaal|suma|soma|合計.*|合计.*|总计.*|總計.*", re.I
)
_POSITION = re.compile(
    r"((s|sl|sr|lfd|row|line|entry|zeilen?|laufende)?[. -]*(no|nr|num|number|nummer|#)|row[. -]?id|№"
    r"|index|idx|row|line|entry|position|pos|rank|zeile|rang|ligne|fila|linha|riga|regel|n[°º]|unnamed: ?0"
    r"|序号|编号|番号|行号|排名)\.?"
)
"""What a column is called that counts the rows of a table, unlike `Visitor no.`."""
_SAMPLE = 50


@dataclass(frozen=True)
class Column:
    """A column of an unknown table, with up to two thousand of its cells."""

    name: str
    place: int
    cells: tuple[str, ...]

    @cached_property
    def known(self) -> list[str]:
        """The cells with a value."""
        return with_value(self.cells)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """What all (or all but a few) of its cells can be."""
        return frozenset({"text", *(kind for kind, test in _KINDS.items() if are_mostly(self.known, test))})

    @property
    def has_addresses(self) -> bool:
        """Whether there are addresses of mail among its first values."""
        return any("@" in cell for cell in self.known[:_SAMPLE])

    @property
    def has_blanks(self) -> bool:
        """Whether there are several words in any of them."""
        return any(" " in cell for cell in self.known[:_SAMPLE])

    @property
    def is_unique(self) -> bool:
        """Whether every row has another value."""
        return bool(self.cells) and len(set(self.known)) == len(self.cells)

    @property
    def counts_rows(self) -> bool:
        """Whether it has the numbers of the rows, which the next file has, too, for others."""
        begins = (str(first + at) for first in (0, 1) for at in range(len(self.known)))
        return {*self.known} <= {*begins} and self.is_unique

    @property
    def is_position(self) -> bool:
        """Whether it says no more than the place of a row: its name does not say what is numbered."""
        return self.counts_rows and bool(_POSITION.fullmatch(normal(self.name)))


_SHORTEST_NUMBER = 4
"""So many digits the number of a record has at least, where no name says that it is one."""


def _is_flag(cell: str) -> bool:
    return cell.casefold() in _FLAGS


def _is_number(test: Callable[[str], object], cell: str) -> bool:
    """Whether it is a number, if only one that reading refuses, for its reason is the one to tell."""
    return bool(test(cell)) or is_shortened(cell)


_FLAGS = frozenset(chain(*FLAGS.values()))
_KINDS: Mapping[str, Callable[[str], object]] = {
    **KINDS,
    **{kind: partial(_is_number, KINDS[kind]) for kind in ("count", "amount")},
    "currency": re.compile("[A-Z]{3}", re.I).fullmatch,
    "flag": _is_flag,
    "share": re.compile(r".*[%‰]").fullmatch,
}


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
    label = next(filter(_says_total, columns), None)
    return Unknown(candidate, header, body, _without_totals(columns), label)


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
    widest = max(filter(_could_be_header, head), key=_width, default=None)
    return widest if widest is not None and _width(widest) > 1 else None


def _width(record: Record) -> int:
    return sum(map(bool, record.cells))


def _could_be_header(record: Record) -> bool:
    names = [*filter(None, record.cells)]
    return bool(names) and not any(readings(cell) or is_day(cell) for cell in names)


def columns_of(header: Record, body: Body) -> Iterator[Column]:
    """The columns of a table whose names stand there once."""
    known = [*map(normal, header.cells)]
    for place, name in enumerate(known):
        if name and name.isprintable() and known.count(name) == 1:
            yield Column(header.cells[place], place, tuple(cells_at(body, place)))


def _without_totals(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns without the rows in which something says that they are a total."""
    rows = zip(*map(attrgetter("cells"), columns), strict=True)
    kept = [row for row in rows if not any(map(TOTAL.fullmatch, row))]
    return tuple(replace(each, cells=tuple(map(itemgetter(at), kept))) for at, each in enumerate(columns))


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

    def is_named(self, column: Column) -> bool:
        """Whether the column has such cells, and one of the names."""
        return self.may_be(column) and any(each.search(normal(column.name)) for each in self.patterns)

    def may_be(self, column: Column) -> bool:
        """Whether the column's cells and name allow it."""
        if re.search(self.unlike, normal(column.name)) or not column.known:
            return False
        return self._may_be_text(column) if self.kind == "text" else self.kind in column.kinds

    def _may_be_text(self, column: Column) -> bool:
        is_id = column.is_unique and not column.is_position
        return "day" not in column.kinds and (is_id or not self.is_id)

    @property
    def is_id(self) -> bool:
        """Whether each row has another one."""
        return self.field in ("lead_id", "response_id")


_DAY = r"\b(date|day|datum|tag|jour|fecha|día|dia|data|giorno|dag)\b|日期|时间|日付|日時|^日$"
_WEEK = r"week|woche|semaine|semana|settimana|周|週"
_OWNER = r"team|owner|\brep\b|sales ?person|source|channel|campaign|region|zuständig|verantwort|quelle|kanal"
_OWNER += r"|kampagne|vertrieb|équipe|canal|origen|负责人|来源|渠道|团队|担当|チーム"
_ID = r"\bid\b|\bref\b|\bnr\b|\bno\b|number|nummer|numéro|número|编号|番号|^#$"
_COUNTED = (
    r"(orders|invoices|aufträge|bestellungen|rechnungen|commandes|pedidos|订单数|注文数)$|订单(数|总)量"
)
_NEW = r"new|first|neu|nouveau|nuevo|新"
_PART = r"\bunit|unitari|einzel|discount|refund|rabatt|单价|単価|折扣|退款"
_LATER = r"clos|updat|modif|last|geändert|letzte|geburt|birth|won|gewonnen|成交|更新"
_CLOSED = r"^(?!.*\bwon\b).*(clos|abschluss|cierre|fermeture|fecha de fech|关闭|结束|クローズ)"
_WON = r"\bwon\b|gewonnen|gagné|ganad|成交|赢单|成約"
_WON += r" || \bsigned\b|contract date|beauftragt|auftrag (am|erteilt)|签约"
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
        Wanted("activity_date", _DAY, "day", unlike=_WEEK),
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
        Wanted("activity_date", _DAY, "day", unlike=_WEEK),
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
        Wanted("activity_date", _DAY, "day", unlike=_WEEK),
        Wanted("new_followers", "new.*follow|follows|gained|neue.*follower|新增", "count"),
        Wanted("owner_key", "$^", "text", "{take: entity}"),
    ),
    "fct_survey_response": (
        Wanted(
            "nps_score", r"\bnps\b|recommend|0 ?[-–] ?10|weiterempf|推荐", "count", rule="{bounds: [0, 10]}"
        ),
        Wanted("csat_score", r"\bcsat\b|satisf|1 ?[-–] ?5|zufrieden|满意", "count", rule="{bounds: [1, 5]}"),
        Wanted("response_id", f"{_ID} || ^(response|respondent|antwort|teilnehmer)$", "text"),
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
            unlike=_COUNTED,
        ),
        Wanted(
            "amount",
            r"amount|total|revenue|net|betrag|umsatz|summe|montant|importe|valor|金额|合计",
            "amount",
            unlike=_PART,
        ),
        Wanted("order_date", rf"order.*date || {_DAY}", "day", unlike=_WEEK),
        Wanted(
            "customer_id",
            r"customer|client|kunde|cliente|buyer|客户|顧客",
            "text",
            "{copy: order_id}",
            unlike=_NEW,
        ),
        Wanted("is_new_customer", _NEW, "flag", "{constant: 'false'}"),
        Wanted("owner_key", f"shop|store || {_OWNER}", "text", "{constant: (none)}", "{blank: (none)}"),
        Wanted("country_code", r"country|land|pays|país|国家|国", "text", "{constant: ZZ}"),
        _CURRENCY,
    ),
    "fct_lead": (
        Wanted("lead_id", rf"({_PERSON}).*({_ID}) || {_ID}", "text"),
        Wanted("mql_date", r"\bmql\b|marketing.qualified", "day"),
        Wanted("sql_date", r"\bsql\b|sales.(qualified|accepted)", "day"),
        Wanted("won_date", _WON, "day", unlike=_CLOSED),
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
    found = [(fact, [*_assigned(fact, table)]) for fact in WANTED]
    fitting = [(fact, some) for fact, some in found if _has_signature(fact, some)]
    return max(fitting, key=lambda each: _count_named(each[1]), default=None)


def _count_named(found: Sequence[Guess]) -> int:
    return sum(guess.why == BY_NAME for guess in found)


BY_NAME, BY_CELLS = "by its name", "by its cells"


def _has_signature(fact: str, found: Sequence[Guess]) -> bool:
    fields = {guess.wanted.field for guess in found}
    return all(fields & set(group.split()) for group in _SIGNATURES[fact])


def _assigned(fact: str, table: Unknown) -> Iterator[Guess]:
    free, fields = list(table.columns), {""}
    for wanted in WANTED[fact]:
        found = _guess(fact, wanted, free)
        if found is not None and wanted.needs in fields:
            free.remove(found.column)
            fields.add(wanted.field)
            yield found


def _guess(fact: str, wanted: Wanted, free: Sequence[Column]) -> Guess | None:
    return _by_name(fact, wanted, free) or _by_cells(wanted, free)


def _by_name(fact: str, wanted: Wanted, free: Sequence[Column]) -> Guess | None:
    known = _vocabulary(fact).get(wanted.field, set())
    tests: list[Callable[[str], object]] = [known.__contains__]
    tests += [pattern.search for pattern in wanted.patterns]
    for test, column in product(tests, filter(wanted.may_be, free)):
        if test(normal(column.name)):
            return Guess(wanted, column, BY_NAME)
    return None


def _by_cells(wanted: Wanted, free: Sequence[Column]) -> Guess | None:
    """A column of days, or one whose values are all different, where no name says which it is."""
    if wanted.field in ("created_date", "activity_date", "order_date", "posted_date", "responded_date"):
        column = next(filter(wanted.may_be, free), None)
    elif wanted.field in ("lead_id", "response_id"):
        column = min(filter(_could_be_id, free), key=_unlikeness_to_id, default=None)
    else:
        return None
    return None if column is None else Guess(wanted, column, BY_CELLS)


def _could_be_id(column: Column) -> bool:
    is_number = "amount" in column.kinds and not _are_numbers_of_records(column)
    is_other = is_number or column.kinds & {"day", "flag", "share"} or _is_measure(column)
    return column.is_unique and not is_other and not column.counts_rows


def _are_numbers_of_records(column: Column) -> bool:
    """Whether the cells count up one by one, or are long and alike, as counts of something are not."""
    if not all(map(str.isdecimal, column.known)):
        return False
    numbers, lengths = [*map(int, column.known)], set(map(len, column.known))
    is_running = numbers == [*range(numbers[0], numbers[0] + len(numbers))]
    return is_running or (len(lengths) == 1 and min(lengths) >= _SHORTEST_NUMBER)


def _is_measure(column: Column) -> bool:
    """Whether it is called as numbers are: a few of them may happen to be all different."""
    wanted = chain.from_iterable(WANTED.values())
    return any(each.kind in ("count", "amount") and each.is_named(column) for each in wanted)


def _unlikeness_to_id(column: Column) -> tuple[bool, bool]:
    """Words with blanks are names, and addresses are personal: an id is rather neither."""
    return column.has_blanks, column.has_addresses


@cache
def _vocabulary(fact: str) -> Mapping[str, set[str]]:
    """How the shipped formats call the fields of a fact, in all languages."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for form in shipped_formats().values():
        for field in form.named if form.fact == fact else ():
            found[field].update(map(normal, form.names_of(field)))
    return found
