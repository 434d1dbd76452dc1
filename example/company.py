"""Funkelmeyer & Söhne, makers of bicycle lamps in Leipzig with an office in Shanghai: wholly invented.

Here are its accounts and everything that is not advertising; the campaigns are in `example.campaigns`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from example.seasons import CN_SHOPPERS, CN_TRADE, EU_SHOPPERS, EU_TRADE, STEADY, Rhythm


@dataclass(frozen=True, slots=True)
class Account:
    """One account on a platform; `name` is what the platform prints, `currency_code` what it bills in."""

    source: str
    entity: str
    name: str
    currency_code: str = "EUR"


GOOGLE_EU = Account("google_ads", "412-558-9031", "Funkelmeyer Europa")
GOOGLE_US = Account("google_ads", "730-214-6658", "Funkelmeyer North America", "USD")
META_EU = Account("meta_ads", "act_482910365517", "Funkelmeyer EU")
META_US = Account("meta_ads", "act_655730918264", "Funkelmeyer US", "USD")
LINKEDIN = Account("linkedin_ads", "508317742", "Funkelmeyer & Söhne GmbH")
OCEAN_LEADS = Account("ocean_engine", "1768302945573901", "芬克迈尔-获客", "CNY")
OCEAN_SHOP = Account("ocean_engine", "1792046618350844", "芬克迈尔-电商", "CNY")
GA4_EU = Account("ga4", "318840277", "funkelmeyer.example")
GA4_CN = Account("ga4", "401925563", "funkelmeyer-cn.example", "CNY")
HUBSPOT_EU = Account("hubspot", "26719043", "Funkelmeyer Europa")
HUBSPOT_CN = Account("hubspot", "48830215", "芬克迈尔中国", "CNY")
X_EU = Account("x", "funkelmeyer", "Funkelmeyer & Söhne")
X_US = Account("x", "funkelmeyer_us", "Funkelmeyer US")
PAGE_DE = Account("facebook_pages", "104882736190", "Funkelmeyer")
PAGE_FR = Account("facebook_pages", "117350924468", "Funkelmeyer France")
WECHAT_BRAND = Account("wechat", "gh_7c1f20ab93de", "芬克迈尔车灯")
WECHAT_SHOP = Account("wechat", "gh_e05b6d8841f7", "芬克迈尔会员店")
SURVEY_EU = Account("survey", "customer-voice", "Customer Voice")
SURVEY_CN = Account("survey", "customer-voice-cn", "用户之声")
ERP_EU = Account("sales", "erp-leipzig", "ERP Leipzig")
ERP_CN = Account("sales", "erp-shanghai", "ERP Shanghai", "CNY")
MARKET = Account("market_size", "lighting-panel", "Lighting panel")
CONTROLLING_EU = Account("budget", "controlling-leipzig", "Controlling Leipzig")
CONTROLLING_CN = Account("budget", "controlling-shanghai", "上海财务", "CNY")
LISTENING_EU = Account("social_listening", "1998277406", "Funkelmeyer Europa")
LISTENING_CN = Account("social_listening", "1998281153", "芬克迈尔中国", "CNY")
FX = Account("fx_rates", "ecb", "European Central Bank")

ACCOUNTS = (
    *(GOOGLE_EU, GOOGLE_US, META_EU, META_US, LINKEDIN, OCEAN_LEADS, OCEAN_SHOP),
    *(GA4_EU, GA4_CN, HUBSPOT_EU, HUBSPOT_CN, X_EU, X_US, PAGE_DE, PAGE_FR),
    *(WECHAT_BRAND, WECHAT_SHOP, SURVEY_EU, SURVEY_CN, ERP_EU, ERP_CN, MARKET),
    *(CONTROLLING_EU, CONTROLLING_CN, LISTENING_EU, LISTENING_CN, FX),
)

# What went wrong, on purpose.
MISSING_DAY = (GOOGLE_EU, date(2026, 10, 17))
RESTATED_MONTH = (META_EU, date(2026, 8, 1))
SILENT_SURVEY = ("Markenbarometer", date(2026, 10, 1))
LISTENING_GAP = (LISTENING_EU, "Éclairage vélo", date(2026, 3, 14))
FOLLOWERS_GAP = (PAGE_FR, date(2026, 3, 31))


@dataclass(frozen=True, slots=True)
class Channel:
    """A GA4 channel group: sessions a day, share engaged, conversions a session, revenue a conversion."""

    name: str
    sessions: float
    engaged: float
    conversion_rate: float
    value: float


@dataclass(frozen=True, slots=True)
class LeadSource:
    """A HubSpot marketing team: leads a day, chance of each next stage, deal value and its currency."""

    name: str
    leads: float
    to_mql: float
    to_sql: float
    to_won: float
    deal: float
    currency_code: str
    rhythm: Rhythm


@dataclass(frozen=True, slots=True)
class SalesChannel:
    """A Vertriebskanal: orders a day, order value, share of new customers and of returns, countries."""

    name: str
    orders: float
    value: float
    new: float
    returned: float
    countries: tuple[str, ...]
    currency_code: str
    rhythm: Rhythm


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey: responses a day, mean 0-10 score and mean 1-5 satisfaction, None where not asked."""

    name: str
    responses: float
    score: float | None
    satisfaction: float | None


@dataclass(frozen=True, slots=True)
class Voice:
    """A social account: posts a day, impressions and reach a post, engagements an impression."""

    account: Account
    posts: float
    impressions: float
    reach: float
    engaged: float
    followers: int = 0
    new_followers: float = 0.0
    rhythm: Rhythm = STEADY


@dataclass(frozen=True, slots=True)
class CostCentre:
    """A cost centre: budget of an average month, incremental revenue and margin for one unit of it."""

    name: str
    budget: float
    brought: float
    margin: float
    rhythm: Rhythm


@dataclass(frozen=True, slots=True)
class Topic:
    """What a listening tool follows: mentions of all brands a day, and the share that is ours."""

    name: str
    mentions: float
    ours: float
    rhythm: Rhythm


CHANNELS: dict[Account, tuple[Rhythm, tuple[Channel, ...]]] = {
    GA4_EU: (
        EU_SHOPPERS,
        (
            Channel("Organic Search", 1650, 0.64, 0.021, 96),
            Channel("Direct", 880, 0.58, 0.024, 104),
            Channel("Paid Search", 760, 0.61, 0.031, 98),
            Channel("Paid Social", 540, 0.47, 0.014, 88),
            Channel("Display", 310, 0.33, 0.006, 79),
            Channel("Cross-network", 420, 0.52, 0.019, 93),
            Channel("Email", 260, 0.71, 0.044, 112),
            Channel("Organic Social", 190, 0.49, 0.009, 84),
            Channel("Referral", 150, 0.57, 0.013, 90),
        ),
    ),
    GA4_CN: (
        CN_SHOPPERS,
        (
            Channel("Direct", 720, 0.55, 0.017, 468),
            Channel("Organic Search", 640, 0.59, 0.015, 441),
            Channel("Paid Search", 580, 0.56, 0.022, 452),
            Channel("Paid Social", 690, 0.44, 0.012, 398),
            Channel("Organic Social", 410, 0.51, 0.011, 420),
            Channel("Mobile Push Notifications", 130, 0.66, 0.035, 505),
            Channel("Referral", 90, 0.53, 0.012, 437),
            Channel("Unassigned", 40, 0.21, 0.002, 300),
        ),
    ),
}

LEAD_SOURCES: dict[Account, tuple[LeadSource, ...]] = {
    HUBSPOT_EU: (
        LeadSource("Performance EU", 13.6, 0.46, 0.37, 0.24, 3900, "EUR", EU_TRADE),
        LeadSource("CRM EU", 5.2, 0.58, 0.45, 0.30, 2600, "EUR", EU_TRADE),
        LeadSource("Fachhandel & Werkstätten", 3.1, 0.52, 0.41, 0.31, 8200, "EUR", EU_TRADE),
        LeadSource("Export", 4.9, 0.43, 0.35, 0.22, 5400, "USD", EU_TRADE),
    ),
    HUBSPOT_CN: (
        LeadSource("效果营销", 10.8, 0.44, 0.36, 0.23, 18600, "CNY", CN_TRADE),
        LeadSource("经销商拓展", 2.4, 0.55, 0.43, 0.28, 64000, "CNY", CN_TRADE),
    ),
}

SALES_CHANNELS: dict[Account, tuple[SalesChannel, ...]] = {
    ERP_EU: (
        SalesChannel("Onlineshop", 15.5, 118, 0.38, 0.05, ("DE", "DE", "AT", "NL", "FR"), "EUR", EU_SHOPPERS),
        SalesChannel("Marktplatz", 8.4, 92, 0.52, 0.07, ("DE", "FR", "IT", "ES"), "EUR", EU_SHOPPERS),
        SalesChannel("Fachhandel", 4.3, 2450, 0.06, 0.02, ("DE", "DE", "CH", "AT"), "EUR", EU_TRADE),
        SalesChannel("Werkstätten", 2.2, 640, 0.11, 0.02, ("DE", "PL", "DK"), "EUR", EU_TRADE),
        SalesChannel("Service & Ersatzteile", 3.6, 64, 0.09, 0.03, ("DE", "AT", "NL"), "EUR", EU_TRADE),
        SalesChannel("Export", 5.2, 410, 0.33, 0.04, ("US", "US", "CA", "GB"), "USD", EU_SHOPPERS),
    ),
    ERP_CN: (
        SalesChannel("天猫旗舰店", 7.8, 620, 0.44, 0.08, ("CN",), "CNY", CN_SHOPPERS),
        SalesChannel("京东自营", 4.4, 655, 0.39, 0.06, ("CN",), "CNY", CN_SHOPPERS),
        SalesChannel("抖音小店", 3.4, 410, 0.61, 0.11, ("CN",), "CNY", CN_SHOPPERS),
        SalesChannel("经销商", 3.1, 13200, 0.08, 0.01, ("CN", "CN", "TW", "SG"), "CNY", CN_TRADE),
    ),
}

SURVEYS: dict[Account, tuple[Survey, ...]] = {
    SURVEY_EU: (
        Survey("Kaufzufriedenheit", 5.4, 8.5, 4.15),
        Survey("Service & Reparatur", 4.6, 8.7, 4.25),
        Survey("Händlerpanel", 2.6, 8.5, 4.1),
        Survey("Markenbarometer", 2.8, 8.4, None),
    ),
    SURVEY_CN: (
        Survey("购后评价", 4.8, None, 4.3),
        Survey("用户净推荐值调查", 3.8, 8.6, 4.15),
        Survey("品牌认知追踪", 2.2, 8.5, None),
    ),
}

VOICES = (
    Voice(X_EU, 1.5, 5200, 0, 0.021, rhythm=EU_SHOPPERS),
    Voice(X_US, 0.8, 3100, 0, 0.024, rhythm=EU_SHOPPERS),
    Voice(PAGE_DE, 1.0, 8400, 0.71, 0.034, 41_200, 31, EU_SHOPPERS),
    Voice(PAGE_FR, 0.6, 3900, 0.74, 0.039, 12_700, 12, EU_SHOPPERS),
    Voice(WECHAT_BRAND, 0.75, 6900, 0.78, 0.047, 58_300, 64, CN_SHOPPERS),
    Voice(WECHAT_SHOP, 0.45, 4300, 0.81, 0.036, 23_900, 38, CN_SHOPPERS),
)

# Segment, size of an average month in the first year, currency, rhythm.
SEGMENTS: tuple[tuple[str, int, str, Rhythm], ...] = (
    ("E-Commerce Europa", 1_150_000, "EUR", EU_SHOPPERS),
    ("Fachhandel DACH", 2_900_000, "EUR", EU_TRADE),
    ("North America & UK", 2_400_000, "USD", EU_SHOPPERS),
    ("中国电商", 5_600_000, "CNY", CN_SHOPPERS),
    ("中国线下渠道", 14_500_000, "CNY", CN_TRADE),
)

COST_CENTRES: dict[Account, tuple[CostCentre, ...]] = {
    CONTROLLING_EU: (
        CostCentre("61100 Performance", 24_300, 3.2, 0.42, EU_SHOPPERS),
        CostCentre("61200 Marke & Social", 4_350, 2.6, 0.45, EU_SHOPPERS),
        CostCentre("61300 E-Commerce", 10_700, 3.6, 0.38, EU_SHOPPERS),
        CostCentre("61400 Handel", 2_450, 3.9, 0.34, EU_TRADE),
        CostCentre("61900 Export", 14_000, 2.9, 0.41, EU_SHOPPERS),
    ),
    CONTROLLING_CN: (
        CostCentre("效果营销费用", 226_000, 2.8, 0.43, CN_SHOPPERS),
        CostCentre("品牌与内容费用", 29_500, 2.5, 0.46, CN_SHOPPERS),
        CostCentre("电商推广费用", 104_000, 3.3, 0.37, CN_SHOPPERS),
    ),
}

TOPICS: dict[Account, tuple[Topic, ...]] = {
    LISTENING_EU: (
        Topic("Fahrradlicht", 212, 0.217, EU_SHOPPERS),
        Topic("Éclairage vélo", 96, 0.128, EU_SHOPPERS),
        Topic("Bike lights, UK & US", 1140, 0.031, EU_SHOPPERS),
    ),
    LISTENING_CN: (
        Topic("自行车车灯", 480, 0.104, CN_SHOPPERS),
        Topic("夜骑安全", 230, 0.062, CN_SHOPPERS),
    ),
}
