"""One small export of each source, in the platform's true format with its nasty lines, for October 2026."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl

from etl.account import Account
from etl.landing import LandedFile
from etl.sources import registry
from scoring.period import Period
from warehouse.conformed import Conformed

OCTOBER = Period(2026, 10)

GOOGLE_ADS = """\
Ad group report
"October 1, 2026 - October 31, 2026"
Day,Campaign status,Campaign,Campaign ID,Ad group,Ad group ID,Currency code,Impr.,Clicks,CTR,Avg. CPC,Cost,\
Conversions,Conv. value,Search impr. share
2026-10-01,Enabled,"Brand ""Häuser"", <b>DE</b> & 🚲",201,Core,901,EUR,"14,117",312,2.21%,0.52,1162.40,12.50,"4,838.80",43.21%
2026-10-01,Paused,Zero,202,All,902,EUR,0,0, --, --,0.00,0.00,0.00, --
2026-10-31,Enabled,"Brand ""Häuser"", <b>DE</b> & 🚲",201,Core,901,EUR,900, --, --, --, --,0.00,0.00,< 10%
Total: Ad groups, --, --, --, --, --,EUR,"15,017",312,2.08%,3.73,1162.40,12.50,"4,838.80",40.00%
Total: Account, --, --, --, --, --,EUR,"15,017",312,2.08%,3.73,1162.40,12.50,"4,838.80",40.00%
Total: Search, --, --, --, --, --,EUR,"15,017",312,2.08%,3.73,1162.40,12.50,"4,838.80",40.00%
Total: Display, --, --, --, --, --,EUR,0,0, --, --,0.00,0.00,0.00, --
"""

META_ADS = '''\
Reporting starts,Reporting ends,Campaign name,Campaign ID,Ad set name,Ad set ID,Ad set delivery,Results,\
Result indicator,Reach,Impressions,Link clicks,Amount spent (USD),Purchases conversion value
2026-10-01,2026-10-31,,,,,,7,,900,1500,40,99.31,310.5
2026-10-01,2026-10-01,"Summer, ""Sale""",c1,Set A,s1,active,7,actions:purchase,600,1000,40,99.31,310.5
2026-10-02,2026-10-02,"Summer, ""Sale""",c1,Set A,s1,inactive,,,300,500,,,
'''

LINKEDIN_ADS = (
    "Report Start: 10/01/2026 12:00 AM\nReport End: 10/31/2026 11:59 PM\nDate Generated: 11/02/2026 08:10 AM\n\n"
    "Start Date (in UTC)\tAccount Name\tCurrency\tCampaign Group Name\tCampaign ID\tCampaign Name\tTotal Spent\t"
    "Impressions\tClicks\tConversions\tTotal Conversion Value\tClick Through Rate\n"
    '10/05/2026\tAcme\tEUR\tGroup "A"\t77\tCFO – Köln\t120.50\t2,000\t31\t2\t1,200.00\t1.55%\n'
    "10/06/2026\tAcme\tEUR\tGroup B\t78\tHR\t-\t10\t0\t0\t0.00\t0%\n"
    "Total\t\t\t\t\t\t120.50\t2,010\t31\t2\t1,200.00\t1.54%\n"
)

OCEAN_ENGINE = """\
时间-天,项目ID,项目名称,消耗,展示数,平均千次展现费用(元),点击数,点击率%,平均点击单价(元),转化数,平均转化成本,转化率%,成交金额
2026-10-01,7301,双11预热-㛃䶮,3210.55,88012,36.48,1204,1.37%,2.67,33,97.29,2.74%,15880.00
2026-10-02,7301,双11预热-㛃䶮,--,--,--,--,--,--,--,--,--,--
总计,--,--,3210.55,88012,36.48,1204,1.37%,2.67,33,97.29,2.74%,15880.00
"""

GA4 = """\
# ----------------------------------------
# Traffic acquisition
# Account: Acme
# Property: Shop
# ----------------------------------------
#
# All Users
# Start date: 20261001
# End date: 20261031

Date,Session default channel group,Users,Sessions,Engaged sessions,Engagement rate,Event count,Conversions,Total revenue
20261001,Direct,90,100,60,0.6,800,3,250.5
20261001,Paid Search,45,50,20,0.4,300,,0
20261002,Direct,9,10,5,0.5,80,0,0

Session default channel group,Sessions
Direct,110
Paid Search,50
"""

HUBSPOT_CONTACTS = '''\
Record ID,First Name,Last Name,Email,Create Date,Lifecycle Stage,Became a Marketing Qualified Lead Date,\
Became a Sales Qualified Lead Date,Marketing Team,Test Contact
101,Ana,"O'Neill, ""Bo""",a@x.example,2026-10-03 14:22,Customer,2026-10-04 09:00,2026-10-09 10:00,CRM EU,false
102,Test,Test,t@x.example,2026-10-05 00:00,Lead,,,CRM EU,true
103,李,㛃,l@x.example,2026-10-31 23:59,Lead,2026-11-01 08:00,,,false
'''
HUBSPOT_DEALS = """\
Record ID,Deal Name,Deal Stage,Close Date,Amount,Currency,Associated Contact IDs
9001,First,Closed Won,2026-10-20 11:00,1000.50,EUR,101;999
9002,Second,Closed Won,2026-10-12 11:00,99.50,EUR,101
9003,Lost,Closed Lost,2026-10-22 11:00,5000,EUR,101
9004,Open,Negotiation,,700,USD,103
"""

X = (
    '"Tweet id","Tweet permalink","Tweet text","time","impressions","engagements","engagement rate","retweets",'
    '"replies","likes","user profile clicks","url clicks","promoted impressions","promoted engagements"\n'
    '"1841","https://x.example/1","Two lines:\nsecond, ""quoted"" 🚲","2026-10-01 10:20 +0000","5210","301",'
    '"0.0577","10","2","250","9","30","-","-"\n'
    '"1842","https://x.example/2","plain","2026-10-31 23:59 +0000","80","-","0","0","0","0","0","0","-","-"\n'
)

FACEBOOK_POSTS = """\
Post ID,Permalink,Post Message,Type,Countries,Languages,Posted,Audience Targeting,Lifetime Post Total Reach,\
Lifetime Post Total Impressions,Lifetime Engaged Users
,,,,,,,,Lifetime: The number of people,Lifetime: The number of impressions,Lifetime: People who engaged
acme_1,https://f.example/1,"Hello, <b>you</b>
and you",Photo,,,10/03/2026 02:15:33 AM,,410,600,44
acme_2,https://f.example/2,,Photo,,,10/04/2026 12:00:00 PM,,,20,
"""
FACEBOOK_PAGE = """\
Date,Lifetime Total Likes,Daily New Likes
,Lifetime: The total number of people,Daily: The number of new people
2026-10-01,5000,12
2026-10-02,5009,
"""

WECHAT_POSTS = """\
内容标题,发表时间,渠道,总阅读人数,总阅读次数,总分享人数,总分享次数,送达人数,内容url
新品发布:光之城,20261003,全部,900,1200,30,41,5000,https://mp.example/s/1
新品发布:光之城,20261003,公众号消息,700,900,20,30,5000,https://mp.example/s/1
新品发布:光之城,20261003,朋友圈,200,300,10,11,0,https://mp.example/s/1
"""
WECHAT_PAGE = """\
时间,新关注人数,取消关注人数,净增关注人数,累积关注人数
2026-10-01,30,5,25,20025
2026-10-02,10,12,-2,20023
"""

SURVEY = '''\
Response ID,Submitted At,Survey,Score (0-10),Satisfaction (1-5),Comment
r1,2026-10-03T14:22:05Z,Service,10,5,"fine, ""really"""
r2,2026-10-04T00:00:00Z,Service,0,N/A,
r3,2026-10-05T08:00:00Z,Shop,,1,
'''

SALES = """\
Auftrag;Datum;Kunde;Neukunde;Vertriebskanal;Land;Betrag;Währung
A-1;01.10.2026;K-9;ja;Onlineshop;DE;1.234,56;EUR
A-2;31.10.2026;K-9;nein;Fachhandel;US;-34,56;USD
Summe;;;;;;1.200,00;
"""

SOCIAL_LISTENING = '''\
Report,Share of voice
Date range,2026-10-01 to 2026-10-31

Date,Topic,Own brand mentions,All brands mentions,Share of voice
2026-10-01,"Lamps, ""city""",12,"1,204",1.00%
2026-10-01,车灯,0,0,0.00%
2026-10-02,车灯,-,-,-
Total,,12,"1,204",1.00%
'''

FX_RATES = """\
Date,USD,CNY
2026-10-30,1.0800,7.7000
2026-10-29,N/A,7.6900
2026-10-28,1.0700,7.6800
2026-10-23,1.0650,7.6700
2026-10-19,1.0610,7.6600
2026-10-12,1.0600,7.6500
2026-10-08,1.0590,7.6400
2026-10-01,1.0580,7.6300
2026-09-30,1.0570,7.6200
2026-09-29,1.0560,7.6100
"""


def workbook(rows: Sequence[Sequence[object]], sheet: str) -> bytes:
    """A workbook with these rows below title, note and blank row."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in [["Bicycle lights"], ["provisional"], [], *rows]:
        page.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def market_workbook(rows: Sequence[Sequence[object]], sheet: str = "Market") -> bytes:
    """A workbook of the market institute."""
    return workbook(rows, sheet)


def budget_workbook(rows: Sequence[Sequence[object]], sheet: str = "Plan") -> bytes:
    """A workbook of controlling."""
    return workbook(rows, sheet)


BUDGET_HEADER = ("Month", "Cost centre", "Budget", "Incremental revenue", "Contribution margin", "Currency")
BUDGET_ROWS = (
    BUDGET_HEADER,
    (datetime(2026, 9, 1), "Lamps", 900, 0.1, 0.05, "EUR"),
    (datetime(2026, 10, 1), "Lamps", 1000.5, 0.2, -0.25, "EUR"),
    (datetime(2026, 10, 1), "Fairs", 0, None, None, "EUR"),
    # what a spreadsheet adds up: 0.1 + 0.2 is not 0.3 to it
    ("Total", None, 1900.5, 0.1 + 0.2, -0.2, None),
)

MARKET_HEADER = ("Month", "Segment", "Market size", "Currency")
MARKET_ROWS = (
    MARKET_HEADER,
    (datetime(2026, 9, 1), "City", 900000, "EUR"),
    (datetime(2026, 10, 1), "City", 1000000.5, "EUR"),
    (datetime(2026, 10, 1), "Sport", 20, "CNY"),
    ("Total", None, 1900020.5, None),
)


def _bom(text: str) -> bytes:
    return b"\xef\xbb\xbf" + text.encode()


def _crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def encode(source: str, text: str) -> bytes:
    """`text` in the encoding and with the line ends in which the source exports."""
    if source == "linkedin_ads":
        return b"\xff\xfe" + _crlf(text).encode("utf-16-le")
    if source in ("ocean_engine", "wechat"):
        return _crlf(text).encode("gb18030")
    if source in ("hubspot", "sales", "social_listening"):
        return _bom(_crlf(text))
    if source == "meta_ads":
        return _crlf(text).encode()
    return text.encode()


TEXTS: dict[str, tuple[str, ...]] = {
    "google_ads": (GOOGLE_ADS,),
    "meta_ads": (META_ADS,),
    "linkedin_ads": (LINKEDIN_ADS,),
    "ocean_engine": (OCEAN_ENGINE,),
    "ga4": (GA4,),
    "hubspot": (HUBSPOT_CONTACTS, HUBSPOT_DEALS),
    "x": (X,),
    "facebook_pages": (FACEBOOK_POSTS, FACEBOOK_PAGE),
    "wechat": (WECHAT_POSTS, WECHAT_PAGE),
    "survey": (SURVEY,),
    "sales": (SALES,),
    "social_listening": (SOCIAL_LISTENING,),
    "fx_rates": (FX_RATES,),
}


def account(source: str, currency_code: str | None = None, **settings: Any) -> Account:
    """An account of the source, in its own currency where the export does not say it."""
    if source == "ga4":
        currency_code = currency_code or "EUR"
    files = tuple(f"{source}/{index} {{month}}.csv" for index in range(len(TEXTS.get(source, "1"))))
    return replace(Account(source, "acme", currency_code, "UTC", files), **settings)


def contents(
    source: str, change: Callable[[tuple[str, ...]], Sequence[str]] = lambda texts: texts
) -> list[bytes]:
    """The sample's files as bytes, their texts changed before they are encoded."""
    return [encode(source, text) for text in change(TEXTS[source])]


def land(folder: Path, files: Sequence[bytes]) -> list[LandedFile]:
    """The files as landed ones, called `0.csv`, `1.csv`."""
    landed = []
    for index, content in enumerate(files):
        path = folder / f"{index}.csv"
        path.write_bytes(content)
        landed.append(LandedFile(f"{index}.csv", sha256(content).hexdigest(), len(content), path))
    return landed


def read(folder: Path, source: str, files: Sequence[bytes], **settings: Any) -> Conformed:
    """What the source's reader makes of the files for October 2026."""
    return registry()[source].read(land(folder, files), account(source, **settings), OCTOBER)
