"""The platforms of the stand-in: each refuses what its documentation does not know, and answers from the truth."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import unquote, urlencode

from tests.platforms.asking import DAY, account, basic, bearer, counted, cut, only, refuse, token, until
from tests.platforms.behaving_more import MORE, hubspot_search
from tests.platforms.standin import SECRETS, Asked, BadRequestError, Behaviour, Reply, Standin
from tests.platforms.truth import ads, things, within


def google_ads(asked: Asked, standin: Standin) -> Reply:
    found = re.fullmatch(r"/v26/customers/(\d+)/googleAds:searchStream", asked.path)
    if not found or asked.method != "POST":
        return Reply({"error": {"code": 404, "message": "Not Found"}}, 404)
    bearer(asked, standin)
    if asked.headers.get("developer-token") != SECRETS["developer_token"]:
        refuse("no developer token", 403)
    only(asked.body, "query", "summaryRowSetting")
    query = re.fullmatch(
        r"SELECT (.+) FROM ad_group WHERE segments\.date BETWEEN '([\d-]+)' AND '([\d-]+)'",
        asked.body["query"],
    )
    known = (
        "segments.date customer.id customer.currency_code campaign.id campaign.name ad_group.id ad_group.name"
    )
    metrics = ["impressions", "clicks", "cost_micros", "conversions", "conversions_value"]
    only(dict.fromkeys(query[1].split(", ")), *known.split(), *(f"metrics.{each}" for each in metrics))
    rows = within(standin.truth.ads(account(found[1])), date.fromisoformat(query[2]), until(query[3]))
    results = [
        {
            "segments": {"date": str(each.day)},
            "customer": {"id": found[1], "currencyCode": each.currency},
            "campaign": {"id": each.campaign, "name": each.campaign_name},
            "adGroup": {"id": each.group, "name": each.group_name},
            "metrics": {
                "impressions": str(each.impressions),
                "clicks": str(each.clicks),
                "costMicros": str(each.micros),
                "conversions": float(each.conversions),
                "conversionsValue": float(each.value),
            },
        }
        for each in rows
    ]
    batches: list[dict[str, Any]] = [
        {"results": cut(results, at, 25), "fieldMask": "segments.date"} for at in range(0, len(results), 25)
    ]
    if batches:
        sums = {
            "impressions": str(sum(each.impressions for each in rows)),
            "clicks": str(sum(each.clicks for each in rows)),
            "costMicros": str(sum(each.micros for each in rows)),
        }
        batches[-1]["summaryRow"] = {"metrics": sums}
    return Reply(batches, page=0)


META_FIELDS = [
    "date_start",
    "account_id",
    "account_currency",
    "campaign_id",
    "campaign_name",
    "adset_id",
    "adset_name",
    "impressions",
    "inline_link_clicks",
    "spend",
    "actions",
    "action_values",
]


def meta_ads(asked: Asked, standin: Standin) -> Reply:
    bearer(asked, standin)
    order = re.fullmatch(r"/v26\.0/act_(\d+)/insights", asked.path)
    if order and asked.method == "POST":
        only(asked.body, "level", "time_range", "time_increment", "fields", "filtering")
        only(dict.fromkeys(asked.body["fields"].split(",")), *META_FIELDS)
        report = f"9{sum(each.isdigit() for each in list(standin.state))}"
        standin.state[report] = [account(order[1]), asked.body["time_range"], 0]
        return Reply({"report_run_id": report})
    poll = re.fullmatch(r"/v26\.0/(\d+)", asked.path)
    if poll:
        standin.state[poll[1]][2] += 1
        # 100 % alone is not the end
        done = standin.state[poll[1]][2] > standin.state.get("slow", 2)
        state = "Job Completed" if done else "Job Running"
        return Reply({"id": poll[1], "async_status": state, "async_percent_completion": 100})
    fetch = re.fullmatch(r"/v26\.0/(\d+)/insights", asked.path)
    if not fetch:
        refuse("Unsupported get request", 404)
    only(asked.params, "limit", "after")
    whose, span, polled = standin.state[fetch[1]]
    if polled <= standin.state.get("slow", 2):
        refuse("read before finished", code=2601, is_transient=True)
    rows = within(standin.truth.ads(whose), date.fromisoformat(span["since"]), until(span["until"]))
    at, size = int(base64.b64decode(asked.params.get("after", "MA==")) or 0), int(asked.params["limit"])
    value: dict[str, Any] = {"data": [_meta(whose, each) for each in cut(rows, at, size)]}
    after = base64.b64encode(str(at + size).encode()).decode()
    value["paging"] = {"cursors": {"before": "MA==", "after": after}}
    if at + size < len(rows):
        # it repeats the token in its links
        sent = asked.headers["authorization"].removeprefix("Bearer ")
        query = urlencode({"access_token": sent, "limit": size, "after": after})
        value["paging"]["next"] = f"https://graph.facebook.com{asked.path}?{query}"
    return Reply(value, page=at // size)


def _meta(whose: str, each: Any) -> dict[str, Any]:
    row = {
        "date_start": str(each.day),
        "date_stop": str(each.day),
        "account_id": whose,
        "account_currency": each.currency,
        "campaign_id": each.campaign,
        "campaign_name": each.campaign_name,
        "adset_id": each.group,
        "adset_name": each.group_name,
        "impressions": str(each.impressions),
        "spend": str(each.spend),
    }
    row |= {"inline_link_clicks": str(each.clicks)} if each.clicks else {}
    if each.conversions:
        link = {"action_type": "link_click", "value": str(each.clicks)}
        row["actions"] = [link, {"action_type": each.action, "value": str(each.conversions)}]
    if each.conversions and each.value:
        row["action_values"] = [{"action_type": "purchase", "value": str(each.value)}]
    return row


def hubspot_contacts(asked: Asked, standin: Standin) -> Reply:
    return hubspot_search(asked, standin, "contacts", "1001", _contact)


def _contact(each: Any) -> dict[str, Any]:
    won = (
        {"closedate": (each.at + DAY).isoformat(), "total_revenue": str(each.amount)}
        if each.number % 3 == 0
        else {}
    )
    team = {"createdate": each.at.isoformat().replace("+00:00", "Z"), "hubspot_team_id": "7"}
    empty = {"hs_lifecyclestage_marketingqualifiedlead_date": None, "closedate": None, "total_revenue": None}
    return {
        "id": each.id,
        "properties": {**empty, **team, **won},
        "createdAt": each.at.isoformat(),
        "archived": False,
    }


def mailchimp(asked: Asked, standin: Standin) -> Reply:
    basic(asked, standin)
    if asked.path != "/3.0/reports":
        raise BadRequestError(
            404, {"type": "about:blank", "title": "Resource Not Found", "status": 404, "detail": ""}
        )
    only(asked.params, "count", "offset", "since_send_time", "before_send_time")
    start, end = (datetime.fromisoformat(asked.params[f"{name}_send_time"]) for name in ("since", "before"))
    found = [each for each in things("1001", "mailings") if start <= each.at < end]
    at, size = int(asked.params["offset"]), int(asked.params["count"])
    reports = [
        {
            "id": each.id,
            "campaign_title": f"Mailing {each.id}",
            "list_name": "Readers",
            "send_time": each.at.isoformat(),
            "emails_sent": each.number + 10,
            "unsubscribed": 1,
            "bounces": {"hard_bounces": 1, "soft_bounces": 2, "syntax_errors": 0},
            "opens": {"unique_opens": each.number // 2},
            "clicks": {"unique_subscriber_clicks": each.number // 9},
            "ecommerce": {"total_orders": 1, "total_revenue": float(each.amount)},
        }
        for each in cut(found, at, size)
    ]
    return Reply({"reports": reports, "total_items": len(found)}, page=at // size)


def shopify(asked: Asked, standin: Standin) -> Reply:
    bearer(asked, standin, "x-shopify-access-token", "")
    if asked.path != "/admin/api/2026-10/graphql.json":
        return Reply({"errors": "Not Found"}, 404)
    only(asked.body, "query", "variables")
    variables = asked.body["variables"]
    start, end = map(datetime.fromisoformat, re.findall(r"'([^']+)'", variables["search"]))
    found = [each for each in things("1001", "orders") if start <= each.at < end]
    at, size = int(variables.get("after") or 0), variables["first"]
    nodes = [
        {
            "id": f"gid://shopify/Order/{each.id}",
            "name": f"#{each.id}",
            "createdAt": each.at.isoformat().replace("+00:00", "Z"),
            "cancelledAt": None,
            "test": each.number % 7 == 0,
            "displayFinancialStatus": "PAID",
            "currentTotalPriceSet": {"shopMoney": {"amount": str(each.amount), "currencyCode": "EUR"}},
            "shippingAddress": {"countryCodeV2": "DE"} if each.number % 2 else None,
            "sourceName": "web",
        }
        for each in cut(found, at, size)
    ]
    info = {"hasNextPage": at + size < len(found), "endCursor": str(at + size)}
    return Reply({"data": {"orders": {"nodes": nodes, "pageInfo": info}}}, page=at // size)


def ecb(asked: Asked, standin: Standin) -> Reply:
    if asked.path != "/stats/eurofxref/eurofxref-hist.zip":
        return Reply({}, 404)
    lines = ["Date,USD,CNY,", *(f"{day},{usd},{cny}," for day, usd, cny in standin.truth.rates())]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("eurofxref-hist.csv", "\n".join(lines) + "\n")
    return Reply(content=packed.getvalue(), headers={"Content-Type": "application/zip"}, page=0)


def by_code(asked: Asked, standin: Standin) -> None:
    if asked.headers.get("access-token") not in standin.valid:
        raise BadRequestError(
            200, {"code": 40105, "message": "Access token is incorrect or has been revoked."}
        )


def tiktok_ads(asked: Asked, standin: Standin) -> Reply:
    by_code(asked, standin)
    if asked.path != "/open_api/v1.3/report/integrated/get/":
        return Reply(content=b"Not Found", status=404)
    said = asked.params
    only(
        said,
        *[
            "advertiser_id",
            "report_type",
            "service_type",
            "data_level",
            "dimensions",
            "metrics",
            "start_date",
            "end_date",
        ],
        "page",
        "page_size",
    )
    if (until(said["end_date"]) - date.fromisoformat(said["start_date"])).days > standin.state.get(
        "most_days", 30
    ):
        raise BadRequestError(200, {"code": 40002, "message": "the span is longer than 30 days"})
    rows = within(
        ads(account(said["advertiser_id"])), date.fromisoformat(said["start_date"]), until(said["end_date"])
    )
    listed = [
        {
            "dimensions": {"adgroup_id": each.group, "stat_time_day": f"{each.day} 00:00:00"},
            "metrics": {
                "campaign_id": each.campaign,
                "campaign_name": f"Campaign {each.campaign}",
                "adgroup_name": f"Group {each.group}",
                "currency": "EUR",
                "spend": str(each.spend),
                "impressions": str(each.impressions),
                "clicks": str(each.clicks),
                "conversion": str(each.conversions),
            },
        }
        for each in rows
    ]
    return counted(asked, listed, "list", 1)


def ocean_engine(asked: Asked, standin: Standin) -> Reply:
    by_code(asked, standin)
    said = asked.params
    if {"filters", "order_by"} - set(said):
        raise BadRequestError(200, {"code": 40002, "message": "filters: 必填"})
    rows = within(
        standin.truth.ads(account(said["advertiser_id"])),
        date.fromisoformat(said["start_time"]),
        until(said["end_time"]),
    )
    listed = [
        {
            "dimensions": {
                "stat_time_day": str(each.day),
                "cdp_project_id": each.campaign,
                "cdp_project_name": each.campaign_name,
                "cdp_promotion_id": each.group,
                "cdp_promotion_name": each.group_name,
            },
            "metrics": {
                "stat_cost": str(each.spend),
                "show_cnt": str(each.impressions),
                "click_cnt": str(each.clicks),
                "convert_cnt": str(each.conversions),
            },
        }
        for each in rows
    ]
    return counted(asked, listed, "rows", 1)


def ga4(asked: Asked, standin: Standin) -> Reply:
    bearer(asked, standin)
    found = re.fullmatch(r"/v1beta/properties/(\d+):runReport", asked.path)
    only(asked.body, "dateRanges", "dimensions", "metrics", "limit", "offset", "orderBys", "keepEmptyRows")
    (span,) = asked.body["dateRanges"]
    known = standin.truth.ads(account(found[1]))
    rows = within(known, date.fromisoformat(span["startDate"]), until(span["endDate"]))
    at, size = int(asked.body.get("offset", 0)), int(asked.body["limit"])
    value = {
        "dimensionHeaders": asked.body["dimensions"],
        "metricHeaders": [{**each, "type": "TYPE_INTEGER"} for each in asked.body["metrics"]],
        "rows": [
            {
                "dimensionValues": [{"value": f"{each.day:%Y%m%d}"}, {"value": each.channel}],
                "metricValues": [
                    {"value": str(number)}
                    for number in (each.impressions, each.clicks, each.conversions, each.value)
                ],
            }
            for each in cut(rows, at, size)
        ],
        "rowCount": len(rows),
        "metadata": {
            "currencyCode": known[0].currency,
            "timeZone": "Europe/Berlin",
            **standin.state.get("said", lambda _: {})(asked.body["dateRanges"][0]),
        },
        "kind": "analyticsData#runReport",
    }
    return Reply(value, page=at // size)


def search_console(asked: Asked, standin: Standin) -> Reply:
    bearer(asked, standin)
    found = re.fullmatch(r"/webmasters/v3/sites/([^/]+)/searchAnalytics/query", asked.path)
    only(asked.body, "startDate", "endDate", "dimensions", "type", "dataState", "rowLimit", "startRow")
    whose = account(unquote(found[1]).removeprefix("sc-domain:"))
    start, end = date.fromisoformat(asked.body["startDate"]), until(asked.body["endDate"])
    rows = [each for each in within(ads(whose), start, end) if each.group.endswith("7")]
    at, size = asked.body.get("startRow", 0), asked.body["rowLimit"]
    some = [
        {
            "keys": [str(each.day)],
            "clicks": float(each.clicks),
            "impressions": float(each.impressions),
            "ctr": 0.1,
        }
        for each in cut(rows, at, size)
    ]
    return Reply({"rows": some} if some else {"responseAggregationType": "byProperty"}, page=at // size)


def jira(asked: Asked, standin: Standin) -> Reply:
    basic(asked, standin)
    only(asked.body, "jql", "fields", "maxResults", "nextPageToken")
    start, end = map(date.fromisoformat, re.findall(r'created >?<?=? "([\d-]+)"', asked.body["jql"]))
    rows = within(things("1001", "issues"), start, end)
    at, size = int(asked.body.get("nextPageToken", "p0")[1:]), asked.body["maxResults"]
    issues = [
        {
            "id": each.id,
            "key": f"WEB-{each.id}",
            "fields": {
                "summary": f"Issue {each.id}",
                "project": {"key": "WEB"},
                "created": each.at.strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
                "duedate": str(each.at.date() + DAY),
                "resolutiondate": None,
            },
        }
        for each in cut(rows, at, size)
    ]
    more = {"nextPageToken": f"p{at + size}"} if at + size < len(rows) else {}
    return Reply({"issues": issues, **more}, page=at // size)


def pingcode(asked: Asked, standin: Standin) -> Reply:
    bearer(asked, standin)
    only(asked.params, "created_between", "page_size", "page_index")
    start, last = map(int, asked.params["created_between"].split(","))
    rows = [each for each in things("1001", "items") if start <= each.at.timestamp() <= last]
    at, size = int(asked.params["page_index"]), int(asked.params["page_size"])
    values = [
        {
            "id": each.id,
            "identifier": f"PC-{each.id}",
            "title": "条目",
            "project": {"identifier": "PC"},
            "created_at": int(each.at.timestamp()),
            "completed_at": int((each.at + DAY).timestamp()) if each.number % 2 else None,
            "is_deleted": 0,
        }
        for each in cut(rows, at * size, size)
    ]
    return Reply({"page_size": size, "page_index": at, "total": len(rows), "values": values}, page=at)


def microsoft_ads(asked: Asked, standin: Standin) -> Reply:
    if asked.path.startswith("/files/"):
        # another host of theirs, which the address opens: it must not see the token
        assert "authorization" not in asked.headers
        return Reply(content=standin.state["file"], page=0)
    bearer(asked, standin)
    if asked.path.endswith("/Submit"):
        said = asked.body["ReportRequest"]
        (whose,) = said["Scope"]["AccountIds"]
        start, end = (
            date(*(said["Time"][f"CustomDateRange{name}"][part] for part in ("Year", "Month", "Day")))
            for name in ("Start", "End")
        )
        standin.state["file"] = _zipped(said["Columns"], account(whose), within(ads(whose), start, end + DAY))
        return Reply({"ReportRequestId": "r1"})
    only(asked.body, "ReportRequestId")
    standin.state["polls"] = standin.state.get("polls", 0) + 1
    if standin.state["polls"] < 3:
        return Reply({"ReportRequestStatus": {"Status": "Pending", "ReportDownloadUrl": None}})
    address = standin.state["elsewhere"] + "/files/r1.zip?sig=canary-signature"
    return Reply({"ReportRequestStatus": {"Status": "Success", "ReportDownloadUrl": address}})


def _zipped(columns: list[str], whose: str, rows: list[Any]) -> bytes:
    def line(each: Any) -> str:
        money = Decimal(each.value)
        cells = [
            each.day,
            whose,
            each.campaign,
            f"Campaign {each.campaign}",
            each.group,
            f"Group {each.group}",
            "EUR",
        ]
        cells += [each.impressions, each.clicks, each.spend, f"{each.conversions}.00", money]
        return ",".join(f'"{cell}"' for cell in cells)

    text = "\ufeff" + "\n".join([",".join(f'"{each}"' for each in columns), *map(line, rows)]) + "\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("report.csv", text)
    return packed.getvalue()


def with_tokens(behave: Behaviour) -> Behaviour:
    return lambda asked, standin: token(asked, standin) if asked.path == "/token" else behave(asked, standin)


BEHAVIOURS: dict[str, Behaviour] = {
    each.__name__: with_tokens(each)
    for each in (
        *(google_ads, meta_ads, hubspot_contacts, mailchimp, shopify, ecb, tiktok_ads, ocean_engine, ga4),
        *(search_console, jira, pingcode, microsoft_ads),
        *MORE,
    )
}
