"""Campaigns on LinkedIn; `kind` is the name of their campaign group."""

from __future__ import annotations

from example import company
from example.campaigns.campaign import Campaign, Numbers
from example.seasons import EU_TRADE


def _linkedin(id_: str, group: str, name: str, numbers: Numbers) -> Campaign:
    return Campaign(company.LINKEDIN, id_, name, group, (name,), *numbers, EU_TRADE)


LINKEDIN = (
    _linkedin("288104463", "Fleet", "Fleet managers DACH – whitepaper", (2300, 0.0061, 3.9, 0.082, 0)),
    _linkedin("288104471", "Fleet", "Fleet managers Benelux", (1700, 0.0057, 4.1, 0.074, 0)),
    _linkedin("288104489", "Fleet", "Public sector; tenders & frameworks", (1300, 0.0049, 4.6, 0.066, 0)),
    _linkedin("291550126", "OEM", "OEM engineers | hub dynamos", (1500, 0.0066, 4.4, 0.059, 820)),
    _linkedin("291550134", "OEM", "OEM purchasing Italy", (1100, 0.0054, 4.2, 0.055, 760)),
    _linkedin("291550142", "OEM", 'Eurobike "meet us" ☕', (1400, 0.0070, 3.7, 0.061, 540)),
    _linkedin("293007718", "Trade", "Fachhändler werden (DE)", (1600, 0.0072, 3.3, 0.088, 0)),
    _linkedin("293007726", "Trade", "Werkstätten & Servicepartner", (1250, 0.0068, 3.4, 0.084, 0)),
    _linkedin("293007734", "Trade", "Devenir revendeur (FR)", (900, 0.0063, 3.2, 0.079, 0)),
    _linkedin("295418830", "Brand", "150 Jahre Licht: Firmengeschichte", (2900, 0.0045, 2.6, 0.021, 0)),
    _linkedin("295418848", "Brand", "Jobs, die leuchten", (1200, 0.0052, 2.9, 0.018, 0)),
)
