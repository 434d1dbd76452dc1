"""Campaigns on Meta; `kind` is the result they are run for."""

from __future__ import annotations

from example import company
from example.campaigns.campaign import Campaign, Numbers
from example.company import Account
from example.seasons import EU_SHOPPERS, EU_TRADE, Rhythm


def _meta(
    account: Account,
    id_: str,
    name: str,
    kind: str,
    groups: str,
    numbers: Numbers,
    rhythm: Rhythm = EU_SHOPPERS,
) -> Campaign:
    return Campaign(account, id_, name, kind, tuple(groups.split("|")), *numbers, rhythm)


PURCHASE, LEAD = "actions:offsite_conversion.fb_pixel_purchase", "actions:lead"
_MEU, _MUS = company.META_EU, company.META_US
META = (
    _meta(
        _MEU,
        "120211845530170264",
        "EU Advantage+ Katalog, immer an",
        PURCHASE,
        "DE breit|FR breit|NL breit|Warenkorb 14 T|Bestandskunden",
        (6100, 0.0118, 0.44, 0.019, 101),
    ),
    _meta(
        _MEU,
        "120211845530170391",
        'Marke "Licht an!" ✨ Video',
        PURCHASE,
        "Reels|Stories|Feed",
        (17500, 0.0052, 0.31, 0.006, 82),
    ),
    _meta(
        _MEU,
        "120212090417730118",
        "Lead | Flottenkatalog & Beratung",
        LEAD,
        "Stadtwerke|Lieferdienste|Hochschulen|Lookalike 1 %",
        (2600, 0.0104, 0.93, 0.072, 0),
        EU_TRADE,
    ),
    _meta(
        _MEU,
        "120212090417730255",
        "Retargeting <script>alert(1)</script>",
        PURCHASE,
        "7 Tage|30 Tage|Newsletter",
        (2900, 0.0151, 0.52, 0.027, 106),
    ),
    _meta(
        _MEU,
        "120212663801940077",
        "Gewinnspiel: Ein Licht für Oma & Opa",
        LEAD,
        "DE|AT|CH, Romandie",
        (4100, 0.0096, 0.38, 0.041, 0),
    ),
    _meta(
        _MUS,
        "120208117706650410",
        "US Advantage+ Catalog",
        PURCHASE,
        "Broad|Cart 14d|Lookalike 2%",
        (5400, 0.0109, 0.71, 0.017, 124),
    ),
    _meta(
        _MUS,
        "120208117706650538",
        'Ride "Home" Safe, Ride Bright 🔦',
        PURCHASE,
        "Reels|Feed|Stories",
        (9300, 0.0058, 0.49, 0.008, 108),
    ),
    _meta(
        _MUS,
        "120208117706650612",
        "Lead | Dealer sign-up (US/CA)",
        LEAD,
        "Independent shops|Co-ops",
        (1900, 0.0093, 1.42, 0.063, 0),
        EU_TRADE,
    ),
    _meta(
        _MUS,
        "120208117706650749",
        "UK | Cycle to Work scheme",
        PURCHASE,
        "HR managers|Employees",
        (3100, 0.0087, 0.78, 0.014, 130),
    ),
)
