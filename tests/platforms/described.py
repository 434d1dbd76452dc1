"""What machine-readable descriptions say of questions and answers: names of fields, and what stands in them.

Copied by hand from the sources that are named, only the fields that are used here. A field that is not listed is refused,
as by the description itself. `text`, `count` (a whole number), `number` and `flag` are values; `?` behind one says that
it may be null, and `int64` is a whole number as a text, or as a number where somebody asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Shape = Any


@dataclass(frozen=True)
class Description:
    """Of the addresses that a pattern fits: what may be asked, and what is answered; where it is described."""

    source: str
    path: str
    question: Shape
    answer: Shape


KINDS: Mapping[str, Any] = {
    "text": lambda value: isinstance(value, str),
    "count": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "flag": lambda value: isinstance(value, bool),
    "int64": lambda value: str(value).isdecimal(),
    "day": lambda value: bool(re.fullmatch(r"\d{4}-\d\d-\d\d", str(value))),
    "any": lambda value: True,
}


def faults(value: Any, shape: Shape, place: str = "") -> Iterator[str]:
    """Where a value is not as described."""
    if isinstance(shape, str):
        yield from () if _fits(value, shape) else [f"{place}: {value!r:.60} is no {shape}"]
    elif isinstance(shape, list):
        items = value if isinstance(value, list) else [f"{value!r:.60} is no list"]
        yield from (each for item in items for each in faults(item, shape[0], f"{place}[]"))
    elif not isinstance(value, dict):
        yield f"{place}: {value!r:.60} is no object"
    else:
        yield from _inside(value, shape, place)


def _inside(value: Mapping[str, Any], shape: Mapping[str, Shape], place: str) -> Iterator[str]:
    for name, each in value.items():
        inner = f"{place}.{name}".lstrip(".")
        if name in shape:
            yield from faults(each, shape[name], inner)
        else:
            yield f"{inner} is not described"


def _fits(value: Any, kind: str) -> bool:
    return (kind.endswith("?") and value is None) or KINDS[kind.rstrip("?")](value)


_PERIOD = {"startDate": "day", "endDate": "day"}
_GA4_ROW = {"dimensionValues": [{"value": "text"}], "metricValues": [{"value": "text"}]}
_METRICS = {"impressions": "int64", "clicks": "int64", "costMicros": "int64"}
_GOOGLE_ROW = {
    "segments": {"date": "day"},
    "customer": {"id": "int64", "currencyCode": "text"},
    "campaign": {"id": "int64", "name": "text"},
    "adGroup": {"id": "int64", "name": "text"},
    "metrics": {**_METRICS, "conversions": "number", "conversionsValue": "number"},
}
_DATE = {"Day": "count", "Month": "count", "Year": "count"}
_REPORT = {
    **dict.fromkeys(("Type", "ReportName", "Format", "FormatVersion", "Aggregation"), "text"),
    **dict.fromkeys(("ReturnOnlyCompleteData", "ExcludeReportHeader", "ExcludeReportFooter"), "flag"),
    "ExcludeColumnHeaders": "flag",
    "Columns": ["text"],
    "Scope": {"AccountIds": ["text"]},
    "Time": {"CustomDateRangeStart": _DATE, "CustomDateRangeEnd": _DATE, "ReportTimeZone": "text"},
}
_MONEY = {"shopMoney": {"amount": "text", "currencyCode": "text"}}
_ORDER = {
    **dict.fromkeys(("id", "name", "createdAt", "displayFinancialStatus"), "text"),
    "cancelledAt": "text?",
    "test": "flag",
    "currentTotalPriceSet": _MONEY,
    "sourceName": "text?",
    "shippingAddress": "any",
}
_SEARCH = {
    "filterGroups": [{"filters": [{"propertyName": "text", "operator": "text", "value": "text"}]}],
    "sorts": [{"propertyName": "text", "direction": "text"}],
    "properties": ["text"],
    "limit": "count",
    "after": "text",
}
_FOUND = {
    "total": "count",
    "results": [{"id": "text", "properties": "any", "createdAt": "text", "archived": "flag"}],
    "paging": {"next": {"after": "text", "link": "text"}},
}
_HUBSPOT = "HubSpot's public specification of CRM v3, August 2026 (PublicObjectSearchRequest)"
_PAGES = dict.fromkeys(("page", "page_size", "total_number", "total_page"), "count")
_TEXTS = "any"

DESCRIBED: Mapping[str, tuple[Description, ...]] = {
    "ga4": (
        Description(
            "google-api-python-client 2.202.0, analyticsdata.v1beta.json, revision 20261006",
            r"/v1beta/properties/\d+:runReport",
            {
                "dateRanges": [_PERIOD],
                "dimensions": [{"name": "text"}],
                "metrics": [{"name": "text"}],
                "orderBys": [{"dimension": {"dimensionName": "text"}, "desc": "flag"}],
                "limit": "int64",
                "offset": "int64",
                "keepEmptyRows": "flag",
            },
            {
                "dimensionHeaders": [{"name": "text"}],
                "metricHeaders": [{"name": "text", "type": "text"}],
                "rows": [_GA4_ROW],
                "metadata": {"currencyCode": "text", "timeZone": "text"},
                "rowCount": "count",
                "kind": "text",
            },
        ),
    ),
    "search_console": (
        Description(
            "google-api-python-client 2.202.0, searchconsole.v1.json, revision 20260805, its words in small letters",
            r"/webmasters/v3/sites/[^/]+/searchAnalytics/query",
            {
                **_PERIOD,
                "dimensions": ["text"],
                "type": "text",
                "dataState": "text",
                "rowLimit": "count",
                "startRow": "count",
            },
            {
                "rows": [
                    {
                        "keys": ["text"],
                        **dict.fromkeys(("clicks", "impressions", "ctr", "position"), "number"),
                    }
                ],
                "responseAggregationType": "text",
            },
        ),
    ),
    "youtube": (
        Description(
            "google-api-python-client 2.202.0, youtubeAnalytics.v2.json, revision 20240707",
            r"/v2/reports",
            {
                **_PERIOD,
                **dict.fromkeys(("ids", "metrics", "dimensions", "sort"), "text"),
                "startIndex": "int64",
                "maxResults": "int64",
            },
            {
                "kind": "text",
                "columnHeaders": [{"name": "text", "columnType": "text", "dataType": "text"}],
                "rows": [["any"]],
            },
        ),
    ),
    "google_ads": (
        Description(
            "google-ads 34.0.0, v26 (SearchGoogleAdsStreamRequest and its response)",
            r"/v26/customers/\d+/googleAds:searchStream",
            {"query": "text", "summaryRowSetting": "text"},
            [{"results": [_GOOGLE_ROW], "fieldMask": "text", "summaryRow": {"metrics": _METRICS}}],
        ),
    ),
    "microsoft_ads": (
        Description(
            "msads 13.0.30.1 (SubmitGenerateReportRequest)",
            r"/Reporting/v13/GenerateReport/Submit",
            {"ReportRequest": _REPORT},
            {"ReportRequestId": "text"},
        ),
        Description(
            "msads 13.0.30.1 (PollGenerateReportRequest)",
            r"/Reporting/v13/GenerateReport/Poll",
            {"ReportRequestId": "text"},
            {"ReportRequestStatus": {"Status": "text", "ReportDownloadUrl": "text?"}},
        ),
    ),
    "shopify": (
        Description(
            "@shopify/dev-mcp 1.16.0, admin_2026-10.json, against which the query itself was validated",
            r"/admin/api/2026-10/graphql.json",
            {"query": "text", "variables": {"first": "count", "after": "text", "search": "text"}},
            {
                "data": {
                    "orders": {
                        "nodes": [_ORDER],
                        "pageInfo": {"hasNextPage": "flag", "endCursor": "text?"},
                    }
                }
            },
        ),
    ),
    "pinterest_ads": (
        Description(
            "pinterest/api-description, v5/openapi.json 5.23.0 (AdsAnalyticsCreateAsyncRequest)",
            r"/v5/ad_accounts/\d+/reports",
            {
                "start_date": "day",
                "end_date": "day",
                "columns": ["text"],
                "token": "text",
                **dict.fromkeys(("granularity", "level", "report_format"), "text"),
                **dict.fromkeys([f"{name}_window_days" for name in ("click", "engagement", "view")], "count"),
            },
            {"report_status": "text", "token": "text", "message": "text?", "size": "number?", "url": "text?"},
        ),
    ),
    "jira": (
        Description(
            "Jira Cloud, swagger-v3.v3.json 3.0.1 (SearchAndReconcileRequestBean and -Results)",
            r"/rest/api/3/search/jql",
            {"jql": "text", "fields": ["text"], "maxResults": "count", "nextPageToken": "text"},
            {
                "issues": [{"id": "text", "key": "text", "fields": "any"}],
                "isLast": "flag",
                "nextPageToken": "text",
            },
        ),
    ),
    "hubspot_contacts": (Description(_HUBSPOT, r"/crm/v3/objects/contacts/search", _SEARCH, _FOUND),),
    "hubspot_deals": (Description(_HUBSPOT, r"/crm/v3/objects/deals/search", _SEARCH, _FOUND),),
    "ocean_engine": (
        Description(
            "oceanengine/ad_open_sdk_go, model_report_custom_get_v3_0, August 2026",
            r"/open_api/v3.0/report/custom/get/",
            {
                **dict.fromkeys(("advertiser_id", "page", "page_size"), "int64"),
                **dict.fromkeys(
                    ("data_topic", "dimensions", "metrics", "filters", "order_by", "start_time", "end_time"),
                    "text",
                ),
            },
            {
                "code": "count",
                "message": "text",
                "request_id": "text",
                "data": {"rows": [{"dimensions": _TEXTS, "metrics": _TEXTS}], "page_info": _PAGES},
            },
        ),
    ),
    "tencent_ads": (
        Description(
            "TencentAd/marketing-api-go-sdk, docs/v3/DailyReportsApi.md and model_report_struct.go, 2026",
            r"/v3.0/daily_reports/get",
            {
                **dict.fromkeys(("account_id", "page", "page_size", "timestamp"), "int64"),
                **dict.fromkeys(("level", "date_range", "group_by", "fields", "time_line"), "text"),
                "access_token": "text",
                "nonce": "text",
            },
            {
                "code": "count",
                "message": "text",
                "message_cn": "text",
                "data": {
                    "list": [
                        {
                            "date": "day",
                            "adgroup_name": "text",
                            **dict.fromkeys(("account_id", "adgroup_id", "view_count", "cost"), "count"),
                            **dict.fromkeys(
                                ("valid_click_count", "conversions_count", "order_amount"), "count"
                            ),
                        }
                    ],
                    "page_info": _PAGES,
                },
            },
        ),
    ),
    "baidu_ads": (
        Description(
            "baiduads-sdk-auto 2023.1.0 (getReportData)",
            r"/json/sms/service/OpenApiReportService/getReportData",
            {
                "header": {"userName": "text", "accessToken": "text"},
                "body": {
                    **_PERIOD,
                    "reportType": "count",
                    "timeUnit": "text",
                    "columns": ["text"],
                    "sorts": ["any"],
                    "filters": ["any"],
                    "startRow": "count",
                    "rowCount": "count",
                    "needSum": "flag",
                },
            },
            {
                "header": {"status": "count", "desc": "text", "failures": ["any"], "oprs": "count"},
                "body": {
                    "data": [
                        {"rows": ["any"], "summary": "any", "rowCount": "count", "totalRowCount": "count"}
                    ]
                },
            },
        ),
    ),
    "meta_ads": (
        Description(
            "facebook-business 26.0.3 (AdAccount.get_insights_async, AdReportRun)",
            r"/v26.0/act_\d+/insights",
            {
                "level": "text",
                "time_increment": "count",
                "fields": "text",
                "time_range": {"since": "day", "until": "day"},
            },
            {"report_run_id": "text"},
        ),
        Description(
            "facebook-business 26.0.3 (AdsInsights)",
            r"/v26.0/\d+/insights",
            {"limit": "int64", "after": "text"},
            {
                "data": [
                    {
                        **dict.fromkeys(("date_start", "date_stop"), "day"),
                        **dict.fromkeys(
                            ("account_id", "account_currency", "campaign_id", "campaign_name", "adset_id"),
                            "text",
                        ),
                        **dict.fromkeys(("adset_name", "impressions", "inline_link_clicks", "spend"), "text"),
                        **{
                            key: [{"action_type": "text", "value": "text"}]
                            for key in ("actions", "action_values")
                        },
                    }
                ],
                "paging": {"cursors": {"before": "text", "after": "text"}, "next": "text"},
            },
        ),
    ),
    "facebook_pages": (
        Description(
            "facebook/facebook-business-sdk-codegen, specs Page and InsightsResult, April 2026",
            r"/v26.0/\d+/insights",
            {"metric": "text", "period": "text", "since": "text", "until": "text"},
            {
                "data": [
                    {
                        **dict.fromkeys(("name", "period", "title", "description", "id"), "text"),
                        "values": [{"value": "number", "end_time": "text"}],
                    }
                ],
                "paging": {"previous": "text", "next": "text"},
            },
        ),
    ),
}
"""By platform; those that are not here have no description that anybody publishes."""
