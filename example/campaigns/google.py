"""Campaigns on Google Ads; `kind` is the network that a totals row counts them under."""

from __future__ import annotations

from datetime import date

from example import company
from example.campaigns.campaign import Campaign, Numbers
from example.company import Account
from example.seasons import EU_SHOPPERS, FIRST_DAY, LAST_DAY


def _google(
    account: Account,
    id_: str,
    name: str,
    kind: str,
    groups: str,
    numbers: Numbers,
    first: date = FIRST_DAY,
    last: date = LAST_DAY,
) -> Campaign:
    return Campaign(account, id_, name, kind, tuple(groups.split("|")), *numbers, EU_SHOPPERS, first, last)


SEARCH, DISPLAY, PMAX = "Search", "Display", "Performance Max"
_EU, _US = company.GOOGLE_EU, company.GOOGLE_US
GOOGLE = (
    _google(
        _EU,
        "20418833107",
        'DE | Suche | Marke "Funkelmeyer"',
        SEARCH,
        'Marke exakt|Marke + Produkt|Tippfehler "Funklmeier"|Händler',
        (420, 0.112, 0.38, 0.058, 96),
    ),
    _google(
        _EU,
        "20418833214",
        "DE | Suche | Nabendynamo, Scheinwerfer, Rücklicht",
        SEARCH,
        "Nabendynamo|Scheinwerfer|Rücklicht|StVZO|Bremslicht, kabellos",
        (760, 0.046, 0.82, 0.034, 102),
    ),
    _google(
        _EU,
        "20577120945",
        "EU | Shopping | Beleuchtung & Zubehör",
        SEARCH,
        "Frontlicht|Rücklicht|Sets & Bundles|Ersatzteile|Dynamos|Akkus",
        (2150, 0.014, 0.46, 0.027, 108),
    ),
    _google(
        _EU,
        "20577121003",
        "PMax <b>Winterlicht</b> 🚲",
        PMAX,
        "Pendler|Familien|Gravel",
        (5200, 0.0095, 0.41, 0.021, 99),
    ),
    _google(
        _EU,
        "20691554782",
        "DE | Display | Schulweg – sicher & sichtbar",
        DISPLAY,
        "Eltern 30-45|Schulranzen|Remarketing",
        (14200, 0.0034, 0.29, 0.007, 74),
    ),
    _google(
        _EU,
        "20733410956",
        "FR | Search | Éclairage vélo",
        SEARCH,
        "Marque|Génériques|Dynamo moyeu",
        (610, 0.051, 0.57, 0.029, 94),
    ),
    _google(
        _EU,
        "20733411070",
        "NL | Search | Fietsverlichting",
        SEARCH,
        "Merk|Koplamp|Achterlicht",
        (540, 0.049, 0.61, 0.030, 97),
    ),
    _google(
        _EU,
        "20810067339",
        "=2+3 Lichtwochen (Händler)",
        SEARCH,
        "Werkstätten|Flottenkunden",
        (330, 0.038, 1.35, 0.041, 150),
    ),
    _google(
        _EU,
        "20945512870",
        "IT | Search | Luci bici",
        SEARCH,
        "Generiche|Dinamo",
        (480, 0.044, 0.44, 0.024, 88),
        date(2025, 4, 1),
    ),
    _google(
        _EU,
        "20946600418",
        "DE | Display | Sommernacht's Tour",
        DISPLAY,
        "Touren|Festivals",
        (9800, 0.0031, 0.24, 0.006, 70),
        date(2025, 5, 1),
        date(2025, 8, 31),
    ),
    _google(
        _EU,
        "20999000001",
        "ZZ | Vorrat | noch nicht freigegeben",
        SEARCH,
        "Entwurf A|Entwurf B",
        (0, 0, 0, 0, 0),
        date(2025, 9, 1),
    ),
    _google(
        _US,
        "17730256641",
        "US | Search | Brand",
        SEARCH,
        'Exact|Misspelled "Funklemeyer"',
        (260, 0.098, 0.62, 0.049, 118),
    ),
    _google(
        _US,
        "17730256706",
        "US | Search | Dynamo lights, hub & rack",
        SEARCH,
        "Hub dynamo|Rack light|Commuter",
        (520, 0.041, 1.18, 0.030, 132),
    ),
    _google(
        _US,
        "17811409923",
        "US | PMax | Night Riders 🌙",
        PMAX,
        "Commuters|Bikepacking",
        (4300, 0.0088, 0.66, 0.019, 121),
    ),
    _google(
        _US,
        "17811410058",
        "UK | Search | Bike lights & mounts",
        SEARCH,
        "Generic|Mounts|Cycle to work",
        (470, 0.045, 0.91, 0.029, 116),
    ),
    _google(
        _US,
        "17811410163",
        "CA | Display | Vélo d'hiver / Winter cycling",
        DISPLAY,
        "Montréal|Toronto",
        (8800, 0.0032, 0.37, 0.006, 92),
    ),
)
