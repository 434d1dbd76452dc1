"""The advertising of the invented company: campaigns with names as awkward as real ones."""

from example.campaigns.campaign import Campaign
from example.campaigns.google import DISPLAY, GOOGLE, PMAX, SEARCH
from example.campaigns.linkedin import LINKEDIN
from example.campaigns.meta import LEAD, META
from example.campaigns.ocean import OCEAN

CAMPAIGNS = (*GOOGLE, *META, *LINKEDIN, *OCEAN)

__all__ = [
    "CAMPAIGNS",
    "DISPLAY",
    "GOOGLE",
    "LEAD",
    "LINKEDIN",
    "META",
    "OCEAN",
    "PMAX",
    "SEARCH",
    "Campaign",
]
