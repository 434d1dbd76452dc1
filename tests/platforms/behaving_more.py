"""More platforms of the stand-in: advertising, pages and posts, sales, surveys, and those of China."""

from __future__ import annotations

import base64
import hmac
import json
import re
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from hashlib import sha1
from typing import Any
from urllib.parse import quote, unquote, urlencode
from zoneinfo import ZoneInfo

from tests.platforms.asking import DAY, account, bearer, counted, cut, only, refuse, until
from tests.platforms.standin import SECRETS, Asked, BadRequestError, Reply, Standin
from tests.platforms.truth import ads, things, within


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def between(rows: Any, start: datetime, end: datetime) -> list[Any]:
    return [each for each in rows if start <= each.at < end]


def whose(standin: Standin) -> str:
    """A token opens one organisation's data and names none; tests say which."""
    return standin.state.get("organisation", "1001")


def at_path(asked: Asked, pattern: str) -> str:
    """What the address has in the pattern's one group."""
    found = re.fullmatch(pattern, asked.path)
    if found is None or asked.method != "GET":
        refuse("Not Found", 404)
    return found[1]


def linkedin_ads(asked: Asked, standin: Standin) -> Reply:
    bearer(asked, standin)
    headers = asked.headers
    if headers.get("linkedin-version") != "202610":
        message = "Requested version is not active"
        raise BadRequestError(426, {"status": 426, "code": "NONEXISTENT_VERSION", "message": message})
    if asked.path != "/rest/adAnalytics" or headers.get("x-restli-protocol-version") != "2.0.0":
        refuse("no such resource", 404)
    # its language is read before %XX is, so brackets must stand there and colons of a URN must not
    said = dict(each.split("=", 1) for each in asked.query.split("&"))
    only(said, "q", "pivot", "timeGranularity", "dateRange", "accounts", "fields")
    entity = re.fullmatch(r"List\(urn%3Ali%3AsponsoredAccount%3A(\d+)\)", said["accounts"])
    day = r"\(year:(\d+),month:([1-9]\d?),day:([1-9]\d?)\)"
    span = re.fullmatch(rf"\(start:{day},end:{day}\)", said["dateRange"])
    if not entity or not span or said["pivot"] != "(value:CAMPAIGN)":
        raise BadRequestError(
            400, {"status": 400, "message": "Invalid query parameters", "serviceErrorCode": 100}
        )
    numbers = [int(each) for each in span.groups()]
    rows = standin.truth.ads(account(entity[1]))
    rows = within(rows, date(*numbers[:3]), date(*numbers[3:]) + DAY)
    elements = [
        {
            "dateRange": {name: _parts(each.day) for name in ("start", "end")},
            "pivotValues": [f"urn:li:sponsoredCampaign:{each.group}"],
            "impressions": each.impressions,
            "clicks": each.clicks,
            "costInLocalCurrency": str(each.spend),
            "externalWebsiteConversions": each.conversions,
            "conversionValueInLocalCurrency": str(each.value),
        }
        for each in rows[: standin.state.get("most", 15_000)]
    ]
    return Reply({"paging": {"start": 0, "count": 10, "links": []}, "elements": elements}, page=0)


def _parts(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}


def pinterest_ads(asked: Asked, standin: Standin) -> Reply:
    if asked.path.startswith("/files/"):
        # another host of theirs, which the address opens: it must not see the token
        assert "authorization" not in asked.headers
        return Reply(content=standin.state["file"], headers={"Content-Type": "text/csv"}, page=0)
    bearer(asked, standin)
    found = re.fullmatch(r"/v5/ad_accounts/(\d+)/reports", asked.path)
    if not found:
        raise BadRequestError(404, {"code": 3, "message": "Not found"})
    if asked.method == "POST":
        return _pinterest_order(asked.body, standin, account(found[1]))
    only(asked.params, "token")
    standin.state["polls"] = standin.state.get("polls", 0) + 1
    if standin.state["polls"] < 3:
        return Reply({"report_status": "IN_PROGRESS", "size": 0, "url": None})
    address = standin.state["elsewhere"] + "/files/r1.csv?sig=canary-signature"
    return Reply({"report_status": "FINISHED", "size": len(standin.state["file"]), "url": address})


def _pinterest_order(said: Any, standin: Standin, entity: str) -> Reply:
    windows = [f"{name}_window_days" for name in ("click", "engagement", "view")]
    only(said, "start_date", "end_date", "granularity", "level", "report_format", "columns", *windows)
    rows = within(ads(entity), date.fromisoformat(said["start_date"]), until(said["end_date"]))
    names = {
        "CAMPAIGN_ID": lambda each: each.campaign,
        "CAMPAIGN_NAME": lambda each: f"Campaign {each.campaign}",
        "AD_GROUP_ID": lambda each: each.group,
        "AD_GROUP_NAME": lambda each: f"Group {each.group}",
        "SPEND_IN_MICRO_DOLLAR": lambda each: each.micros,
        "PAID_IMPRESSION": lambda each: each.impressions,
        "TOTAL_CLICKTHROUGH": lambda each: each.clicks,
        "TOTAL_CONVERSIONS": lambda each: each.conversions,
        "TOTAL_CHECKOUT_VALUE_IN_MICRO_DOLLAR": lambda each: int(each.value * 1_000_000),
    }
    only(dict.fromkeys(said["columns"]), *names)
    lines = [["DATE", *said["columns"]]]
    lines += [[str(each.day), *(str(names[name](each)) for name in said["columns"])] for each in rows]
    standin.state["file"] = "".join(f"{','.join(line)}\n" for line in lines).encode()
    return Reply({"report_status": "IN_PROGRESS", "token": f"r{entity}", "message": ""})


def snapchat_ads(asked: Asked, standin: Standin) -> Reply:
    bearer(asked, standin)
    entity = account(at_path(asked, r"/v1/adaccounts/(\d+)/stats"))
    said = asked.params
    only(said, "breakdown", "granularity", "start_time", "end_time", "fields", "limit", "cursor")
    start, end = moment(said["start_time"]), moment(said["end_time"])
    if (start.hour, start.minute, end.hour) != (0, 0, 0) or (end - start).days > 31:
        message = "Start time should start at the beginning of a day"
        value = {"request_status": "ERROR", "debug_message": message, "error_code": "E3003"}
        raise BadRequestError(400, value)
    rows = within(ads(entity), start.date(), end.date())
    at, size = int(said.get("cursor", 0)), int(said["limit"])
    by_id: dict[str, list[Any]] = {}
    for each in cut(rows, at, size):
        by_id.setdefault(each.group, []).append(_snapchat_day(each))
    campaigns = [
        {"id": name, "type": "CAMPAIGN", "granularity": "DAY", "timeseries": days}
        for name, days in by_id.items()
    ]
    stat = {"id": entity, "type": "AD_ACCOUNT", "breakdown_stats": {"campaign": campaigns}}
    value: dict[str, Any] = {
        "request_status": "SUCCESS",
        "timeseries_stats": [{"sub_request_status": "SUCCESS", "timeseries_stat": stat}],
    }
    if at + size < len(rows):
        query = urlencode({**said, "cursor": at + size})
        value["paging"] = {"next_link": f"{asked.base}{asked.path}?{query}"}
    return Reply(value, page=at // size)


def _snapchat_day(each: Any) -> dict[str, Any]:
    def at(day: date) -> str:
        midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("Europe/Berlin"))
        return midnight.isoformat(timespec="milliseconds")

    stats = {"impressions": each.impressions, "swipes": each.clicks, "spend": each.micros}
    stats |= {
        "conversion_purchases": each.conversions,
        "conversion_purchases_value": int(each.value * 1_000_000),
    }
    return {"start_time": at(each.day), "end_time": at(each.day + DAY), "stats": stats}


def signed_by(asked: Asked, standin: Standin) -> None:
    """Refuse what is not signed by RFC 5849 with the secrets, at another time, or with a number that came before."""
    kind, _, said = asked.headers.get("authorization", "").partition(" ")
    parts = dict(re.findall(r'(\w+)="([^"]*)"', said))
    signature = unquote(parts.pop("oauth_signature", ""))
    encoded = [tuple(each.partition("=")[::2]) for each in asked.query.split("&")]
    pairs = "&".join(f"{name}={value}" for name, value in sorted([*encoded, *parts.items()]))
    text = f"{asked.method}&{quote(asked.base + asked.path, safe='')}&{quote(pairs, safe='')}"
    key = "&".join(quote(SECRETS[name], safe="") for name in ("consumer_secret", "token_secret"))
    expected = base64.b64encode(hmac.new(key.encode(), text.encode(), sha1).digest()).decode()
    nonces = standin.state.setdefault("nonces", set())
    is_fresh = parts.get("oauth_nonce") not in {None, *nonces}
    nonces.add(parts.get("oauth_nonce"))
    is_now = abs(int(parts.get("oauth_timestamp", 0)) - standin.state.get("now", time.time())) < 300
    is_known = unquote(parts.get("oauth_consumer_key", "")) == SECRETS["consumer_key"]
    is_method = (kind, parts.get("oauth_signature_method")) == ("OAuth", "HMAC-SHA1")
    is_valid = unquote(parts.get("oauth_token", "")) in standin.valid
    if not all((signature == expected, is_fresh, is_now, is_known, is_method, is_valid)):
        x_error("UNAUTHORIZED_ACCESS", "This request is not properly authenticated", 401)


def x_error(code: str, message: str, status: int = 400) -> None:
    raise BadRequestError(status, {"errors": [{"code": code, "message": message}], "request": {"params": {}}})


def x_ads(asked: Asked, standin: Standin) -> Reply:
    signed_by(asked, standin)
    listing = re.fullmatch(r"/12/accounts/(\d+)/campaigns", asked.path)
    if listing:
        return x_campaigns(asked, standin, account(listing[1]))
    entity = account(at_path(asked, r"/12/stats/accounts/(\d+)"))
    said = asked.params
    names = ("entity_ids", "start_time", "end_time", "granularity", "placement", "metric_groups")
    only(said, "entity", *names)
    start, end = (
        moment(said[name]).astimezone(ZoneInfo("Europe/Berlin")) for name in ("start_time", "end_time")
    )
    if (start.hour, end.hour) != (0, 0):
        x_error("INVALID_TIME_WINDOW", "start_time is not midnight of the account's zone")
    days = (end.date() - start.date()).days
    ids = said["entity_ids"].split(",")
    if days > 7 or not 0 < len(ids) <= 20 or said["granularity"] != "DAY":
        x_error("INVALID_PARAMETER", "too much at once")
    if said["placement"] not in X_PLACEMENTS:
        x_error("INVALID_PARAMETER", "placement must be one")
    known = {each["id"] for each in x_list(entity, standin)}
    if not {*ids} <= known:
        x_error("NOT_FOUND", f"CAMPAIGN {sorted({*ids} - known)[0]} was not found", 404)
    rows = within(standin.truth.ads(entity), start.date(), end.date())
    data = [x_series(each, rows, start.date(), days, said["placement"]) for each in ids]
    echo = {"params": {**said, "account_id": entity}}
    value = {"data_type": "stats", "time_series_length": days, "data": data, "request": echo}
    return Reply(value, page=start.day // 7 * 4 + X_PLACEMENTS.index(said["placement"]))


X_PLACEMENTS = ("ALL_ON_TWITTER", "PUBLISHER_NETWORK", "SPOTLIGHT", "TREND")


def x_list(entity: str, standin: Standin) -> list[dict[str, Any]]:
    """The campaigns of an account, also one that nobody saw."""
    ids = sorted({each.campaign for each in standin.truth.ads(entity)})
    campaigns = [
        {"id": each, "name": f"Campaign {each}", "currency": "EUR", "deleted": False} for each in ids
    ]
    asleep = {"id": f"{entity}99", "name": "Asleep", "currency": "EUR", "deleted": True}
    return standin.state.get("campaigns", [*campaigns, asleep])


def x_campaigns(asked: Asked, standin: Standin, entity: str) -> Reply:
    only(asked.params, "count", "with_deleted", "cursor")
    found, size = x_list(entity, standin), int(asked.params["count"])
    at = int(asked.params.get("cursor", "c-0").removeprefix("c-"))
    more = f"c-{at + size}" if at + size < len(found) else None
    return Reply({"data": cut(found, at, size), "next_cursor": more, "request": {"params": asked.params}})


def x_series(whose: str, rows: list[Any], start: date, days: int, placement: str) -> dict[str, Any]:
    """What a campaign did at a placement; what nobody saw is null."""
    mine = [each for each in rows if each.campaign == whose and x_place(each.day) == placement]

    def listed(value: Callable[[Any], int]) -> list[int] | None:
        sums = [sum(value(each) for each in mine if each.day == start + DAY * at) for at in range(days)]
        return sums if any(sums) else None

    metrics = {
        "impressions": listed(lambda each: each.impressions),
        "clicks": listed(lambda each: each.clicks),
        "billed_charge_local_micro": listed(lambda each: each.micros),
        "likes": None,
        "conversion_purchases": {"metric": listed(lambda each: each.conversions), "post_view": None},
    }
    return {"id": whose, "id_data": [{"segment": None, "metrics": metrics}]}


def x_place(day: date) -> str:
    return X_PLACEMENTS[1] if day.isoweekday() == 7 else X_PLACEMENTS[0]


def hubspot_search(
    asked: Asked, standin: Standin, kind: str, organisation: str, shown: Callable[[Any], dict[str, Any]]
) -> Reply:
    """What a search for contacts or deals of some days answers."""
    bearer(asked, standin)
    if (asked.method, asked.path) != ("POST", f"/crm/v3/objects/{kind}/search"):
        refuse("not found", 404)
    only(asked.body, "filterGroups", "sorts", "properties", "limit", "after")
    (group,) = asked.body["filterGroups"]
    start, end = (datetime.fromtimestamp(int(each["value"]) / 1000, UTC) for each in group["filters"])
    assert [each["operator"] for each in group["filters"]] == ["GTE", "LT"]
    found = between(things(organisation, kind, standin.state.get("a_day", 2)), start, end)
    at, size = int(asked.body.get("after", 0)), asked.body["limit"]
    if at + size > standin.state.get("most", 10_000):
        raise BadRequestError(
            400, {"status": "error", "message": "paging over 10,000", "errorType": "VALIDATION"}
        )
    value: dict[str, Any] = {"total": len(found), "results": [*map(shown, cut(found, at, size))]}
    if at + size < len(found):
        value["paging"] = {"next": {"after": str(at + size), "link": "?after=…"}}
    return Reply(value, headers={"X-HubSpot-RateLimit-Remaining": "95"}, page=at // size)


def _deal(each: Any) -> dict[str, Any]:
    properties = {
        "dealname": f"Deal {each.id}",
        "amount_in_home_currency": str(each.amount),
        "pipeline": "default",
        "createdate": each.at.isoformat().replace("+00:00", "Z"),
        "closedate": (each.at + DAY).isoformat(),
        "hs_is_closed_won": "true" if each.number % 3 == 0 else "false",
    }
    return {"id": each.id, "properties": properties, "archived": False}


def hubspot_deals(asked: Asked, standin: Standin) -> Reply:
    return hubspot_search(asked, standin, "deals", whose(standin), _deal)


SOQL = (
    r"SELECT ([\w., ]+) FROM Lead WHERE CreatedDate >= (\S+) AND CreatedDate < (\S+) ORDER BY CreatedDate, Id"
)
LEAD = ["Id", "CreatedDate", "Status", "LeadSource", "ConvertedDate"]
OPPORTUNITY = [f"ConvertedOpportunity.{name}" for name in ("IsWon", "CloseDate", "Amount")]


def salesforce_leads(asked: Asked, standin: Standin) -> Reply:
    if asked.headers.get("authorization", "").removeprefix("Bearer ") not in standin.valid:
        raise BadRequestError(401, [{"message": "Session expired", "errorCode": "INVALID_SESSION_ID"}])
    path = "/services/data/v64.0/query"
    size, at = 25, 0
    if asked.path == path:
        only(asked.params, "q")
        found = re.fullmatch(SOQL, asked.params["q"])
        if not found or set(found[1].split(", ")) - {*LEAD, *OPPORTUNITY}:
            raise BadRequestError(400, [{"message": "No such column", "errorCode": "INVALID_FIELD"}])
        standin.state["query"] = found[2], found[3]
    else:
        # the address of a later page says no more than which one it is
        at = int(at_path(asked, rf"{path}/01g-(\d+)"))
    start, end = map(moment, standin.state["query"])
    rows = between(things(whose(standin), "leads"), start, end)
    value: dict[str, Any] = {"totalSize": len(rows), "done": at + size >= len(rows)}
    value["records"] = [_lead(each) for each in cut(rows, at, size)]
    value |= {} if value["done"] else {"nextRecordsUrl": f"{path}/01g-{at + size}"}
    return Reply(value, headers={"Sforce-Limit-Info": "api-usage=18/15000"}, page=at // size)


def _lead(each: Any) -> dict[str, Any]:
    day = str(each.at.date() + DAY)
    won = {"IsWon": each.number % 4 == 0, "CloseDate": day, "Amount": float(each.amount)}
    return {
        "attributes": {"type": "Lead", "url": f"/services/data/v64.0/sobjects/Lead/{each.id}"},
        "Id": f"00Q{each.id}",
        "CreatedDate": each.at.strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
        "Status": "Open",
        "LeadSource": "Web",
        "ConvertedDate": day if each.number % 2 == 0 else None,
        "ConvertedOpportunity": {"attributes": {"type": "Opportunity"}, **won}
        if each.number % 2 == 0
        else None,
    }


def youtube(asked: Asked, standin: Standin) -> Reply:
    bearer(asked, standin)
    at_path(asked, r"/v2/(reports)")
    said = asked.params
    only(said, "ids", "startDate", "endDate", "metrics", "dimensions", "sort", "maxResults", "startIndex")
    entity = account(said["ids"].removeprefix("channel=="))
    names = [said["dimensions"], *said["metrics"].split(",")]
    rows = within(things(entity, "page", 1), date.fromisoformat(said["startDate"]), until(said["endDate"]))
    at, size = int(said["startIndex"]) - 1, int(said["maxResults"])
    value: dict[str, Any] = {"kind": "youtubeAnalytics#resultTable"}
    value["columnHeaders"] = [{"name": name, "columnType": "METRIC", "dataType": "INTEGER"} for name in names]
    figures = {
        "day": lambda each: str(each.at.date()),
        "views": lambda each: each.number - 20,
        "subscribersGained": lambda each: each.number % 50,
        "subscribersLost": lambda each: each.number % 70,
    }
    only(dict.fromkeys(names), *figures)
    value["rows"] = [[figures[name](each) for name in names] for each in cut(rows, at, size)]
    return Reply(value, page=at // size)


def x(asked: Asked, standin: Standin) -> Reply:
    bearer(asked, standin)
    entity = account(at_path(asked, r"/2/users/(\d+)/tweets"))
    said = asked.params
    only(said, "max_results", "start_time", "end_time", "exclude", "tweet.fields", "pagination_token")
    if not 5 <= int(said["max_results"]) <= 100 or not said["start_time"].endswith("Z"):
        raise BadRequestError(400, {"title": "Invalid Request", "detail": "max_results", "status": 400})
    # newest first
    rows = between(things(entity, "posts"), moment(said["start_time"]), moment(said["end_time"]))[::-1]
    at, size = int(said.get("pagination_token", "t0")[1:]), int(said["max_results"])
    data = [
        {
            "id": each.id,
            "text": f"Post ⟨{each.id}⟩",
            "created_at": each.at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "public_metrics": {
                "retweet_count": each.number % 10,
                "reply_count": each.number % 9,
                "like_count": each.number % 8,
                "quote_count": each.number % 7,
                "bookmark_count": 3,
                "impression_count": each.number,
            },
        }
        for each in cut(rows, at, size)
    ]
    more = {"next_token": f"t{at + size}"} if at + size < len(rows) else {}
    value = {**({"data": data} if data else {}), "meta": {"result_count": len(data), **more}}
    return Reply(value, headers={"x-rate-limit-remaining": "899"}, page=at // size)


def graph_pages(asked: Asked, rows: list[Any], one: Any) -> Reply:
    """A page of Meta's, whose cursor is there on the last one, too, and whose link repeats the token."""
    at, size = int(asked.params.get("after", "c0")[1:]), int(asked.params["limit"])
    after = f"c{at + size}"
    value: dict[str, Any] = {"data": [one(each) for each in cut(rows, at, size)]}
    value["paging"] = {"cursors": {"before": "c0", "after": after}}
    if at + size < len(rows):
        sent = asked.headers["authorization"].removeprefix("Bearer ")
        query = urlencode({"access_token": sent, "limit": size, "after": after})
        value["paging"]["next"] = f"https://graph.facebook.com{asked.path}?{query}"
    return Reply(value, page=at // size)


def _spanned(asked: Asked, kind: str, entity: str) -> list[Any]:
    """The posts of the seconds that are asked for, both ends among them."""
    first, last = int(asked.params["since"]), int(asked.params["until"])
    return [each for each in things(entity, kind) if first <= each.at.timestamp() <= last]


def _insights(**figures: int) -> dict[str, Any]:
    return {"data": [{"name": name, "values": [{"value": value}]} for name, value in figures.items()]}


def facebook_posts(asked: Asked, standin: Standin) -> Reply:
    bearer(asked, standin)
    entity = account(at_path(asked, r"/v26\.0/(\d+)/posts"))
    only(asked.params, "fields", "since", "until", "limit", "after")

    def post(each: Any) -> dict[str, Any]:
        figures = {"post_media_view": each.number, "post_total_media_view_unique": each.number // 2}
        said = {"id": f"{entity}_{each.id}", "created_time": each.at.strftime("%Y-%m-%dT%H:%M:%S+0000")}
        more = {"message": f"Post {each.id}"} if each.number % 2 else {}
        return {**said, **more, "insights": _insights(**figures, post_clicks=each.number // 9)}

    return graph_pages(asked, _spanned(asked, "posts", entity), post)


def instagram_media(asked: Asked, standin: Standin) -> Reply:
    bearer(asked, standin)
    if "followers_count" in asked.params.get("fields", ""):
        return _instagram_account(asked, standin)
    entity = account(at_path(asked, r"/v26\.0/(\d+)/media"))
    only(asked.params, "fields", "since", "until", "limit", "after")

    def medium(each: Any) -> dict[str, Any]:
        said = {"id": each.id, "timestamp": each.at.strftime("%Y-%m-%dT%H:%M:%S+0000"), "caption": "Bild"}
        figures = {"reach": each.number // 2, "views": each.number, "total_interactions": each.number // 9}
        return {**said, "insights": _insights(**figures)}

    return graph_pages(asked, _spanned(asked, "posts", entity), medium)


def _instagram_account(asked: Asked, standin: Standin) -> Reply:
    """An account as it is now, of which there is no history."""
    entity = account(at_path(asked, r"/v26\.0/(\d+)"))
    only(asked.params, "fields")
    only(dict.fromkeys(asked.params["fields"].split(",")), "id", "followers_count", "username")
    return Reply({"id": standin.state.get("another", entity), "followers_count": standin.state["followers"]})


def facebook_pages(asked: Asked, standin: Standin) -> Reply:
    bearer(asked, standin)
    entity = account(at_path(asked, r"/v26\.0/(\d+)/insights"))
    only(asked.params, "metric", "period", "since", "until")
    known = {
        "page_follows": lambda each: each.number,
        "page_daily_follows_unique": lambda each: each.number % 50,
    }
    names = asked.params["metric"].split(",")
    if set(names) - set(known):
        refuse("(#100) The value must be a valid insights metric", code=100)
    start, end = (date.fromisoformat(asked.params[name]) for name in ("since", "until"))
    rows = within(things(entity, "page", 1), start, end)

    def series(name: str) -> dict[str, Any]:
        values = [
            {"value": known[name](each), "end_time": f"{each.at.date() + DAY}T07:00:00+0000"} for each in rows
        ]
        return {"name": name, "period": "day", "values": values, "id": f"{entity}/insights/{name}/day"}

    # `next` leads on past today, for ever
    link = f"https://graph.facebook.com{asked.path}?since={end}"
    return Reply({"data": [series(name) for name in names], "paging": {"next": link}}, page=0)


def surveymonkey(asked: Asked, standin: Standin) -> Reply:
    bearer(asked, standin)
    entity = account(at_path(asked, r"/v3/surveys/(\d+)/responses/bulk"))
    said = asked.params
    only(said, "per_page", "page", "status", "simple", "start_modified_at", "end_modified_at")
    rows = between(
        things(entity, "responses"), moment(said["start_modified_at"]), moment(said["end_modified_at"])
    )
    number, size = int(said.get("page", 1)), int(said["per_page"])
    at = (number - 1) * size
    data = [
        {"id": each.id, "date_modified": each.at.isoformat(), "pages": _answered(each)}
        for each in cut(rows, at, size)
    ]
    links = {"self": f"{asked.base}{asked.path}"}
    if at + size < len(rows):
        links["next"] = f"{asked.base}{asked.path}?{urlencode({**said, 'page': number + 1})}"
    headers = {"X-Ratelimit-App-Global-Minute-Remaining": "119"}
    value = {"data": data, "per_page": size, "page": number, "total": len(rows), "links": links}
    return Reply(value, headers=headers, page=number - 1)


def _answered(each: Any) -> list[Any]:
    score = {
        "heading": "How likely are you to recommend us?",
        "answers": [{"simple_text": str(each.number % 11)}],
    }
    mark = {"heading": "How satisfied are you?", "answers": [{"simple_text": str(each.number % 5 + 1)}]}
    return [{"id": "1", "questions": [score]}, {"id": "2", "questions": [mark]}]


def typeform(asked: Asked, standin: Standin) -> Reply:
    bearer(asked, standin)
    entity = account(at_path(asked, r"/forms/(\w+)/responses"))
    said = asked.params
    only(said, "page_size", "since", "until", "completed", "before")
    rows = between(things(entity, "responses"), moment(said["since"]), moment(said["until"]))[::-1]
    tokens = [each.id for each in rows]
    if said.get("before") not in (None, *tokens):
        raise BadRequestError(400, {"code": "VALIDATION_ERROR", "description": "no such response"})
    at = tokens.index(said["before"]) + 1 if "before" in said else 0
    size = int(said["page_size"])
    items = [
        {
            "token": each.id,
            "submitted_at": each.at.isoformat().replace("+00:00", "Z"),
            "answers": [
                {
                    "field": {"id": "a", "ref": "nps", "type": "nps"},
                    "type": "number",
                    "number": each.number % 11,
                },
                {
                    "field": {"id": "b", "ref": "csat", "type": "rating"},
                    "type": "number",
                    "number": each.number % 5 + 1,
                },
            ],
        }
        for each in cut(rows, at, size)
    ]
    left = len(rows) - at
    return Reply({"total_items": left, "page_count": -(-left // size), "items": items}, page=-(-at // size))


def tencent_ads(asked: Asked, standin: Standin) -> Reply:
    said = dict(asked.params)
    _refuse_strangers(said, standin)
    if asked.path != "/v3.0/daily_reports/get":
        return Reply({"code": 404, "message": "no such interface"}, 404)
    known = "account_id level date_range group_by fields time_line page page_size"
    only(said, *known.split())
    span = json.loads(said["date_range"])
    rows = within(
        ads(account(said["account_id"])), date.fromisoformat(span["start_date"]), until(span["end_date"])
    )
    listed = [
        {
            "date": str(each.day),
            "account_id": int(said["account_id"]),
            "adgroup_id": int(each.group),
            "adgroup_name": f"广告{each.group}",
            "view_count": each.impressions,
            "valid_click_count": each.clicks,
            "cost": each.micros // 10_000,
            "conversions_count": each.conversions,
            "order_amount": int(each.value * 100),
        }
        for each in rows
    ]
    return counted(asked, listed, "list", 1)


def _refuse_strangers(said: dict[str, str], standin: Standin) -> None:
    """Each question needs the token, a time that is not long ago, and a number that has not come before."""
    token, seconds, nonce = (said.pop(name, "") for name in ("access_token", "timestamp", "nonce"))
    known = standin.state.setdefault("nonces", set())
    if token not in standin.valid:
        raise BadRequestError(200, {"code": 11000, "message": "Access token is expired.", "message_cn": ""})
    if abs(int(seconds) - time.time()) > 300 or nonce in known or len(nonce) > 32:
        raise BadRequestError(200, {"code": 12000, "message": "timestamp or nonce", "message_cn": ""})
    known.add(nonce)


def baidu_ads(asked: Asked, standin: Standin) -> Reply:
    if (asked.method, asked.path) != ("POST", "/json/sms/service/OpenApiReportService/getReportData"):
        return Reply({"header": {"status": 3, "desc": "no such interface"}}, 404)
    only(asked.body, "header", "body")
    only(asked.body["header"], "userName", "accessToken")
    if asked.body["header"]["accessToken"] not in standin.valid or not asked.body["header"]["userName"]:
        failure = {"code": 8501, "message": "token is invalid", "position": "header"}
        raise BadRequestError(200, {"header": {"status": 2, "desc": "failure", "failures": [failure]}})
    said = asked.body["body"]
    known = "reportType startDate endDate timeUnit columns sorts filters startRow rowCount needSum"
    only(said, *known.split())
    rows = within(ads(whose(standin)), date.fromisoformat(said["startDate"]), until(said["endDate"]))
    at, size = said["startRow"], said["rowCount"]
    some = [_unit(each, whose(standin)) for each in cut(rows, at, size)]
    data = {"rows": some, "summary": {}, "rowCount": len(some), "totalRowCount": len(rows)}
    header = {"status": 0, "desc": "success", "failures": [], "oprs": 1}
    return Reply({"header": header, "body": {"data": [data]}}, page=at // size)


def _unit(each: Any, entity: str) -> dict[str, Any]:
    return {
        "date": str(each.day),
        "userId": int(entity),
        "campaignId": int(each.campaign),
        "campaignName": f"计划{each.campaign}",
        "adGroupId": int(each.group),
        "adGroupName": f"单元{each.group}",
        "impression": each.impressions,
        "click": each.clicks,
        "cost": float(each.spend),
        "conversion": each.conversions,
    }


def _wechat(asked: Asked, standin: Standin, most_days: int) -> tuple[date, date]:
    """The days that are asked for, if the token holds and they are few enough."""
    if asked.params != {"access_token": asked.params.get("access_token")} or asked.method != "POST":
        raise BadRequestError(200, {"errcode": 43002, "errmsg": "require POST method"})
    if asked.params["access_token"] not in standin.valid:
        raise BadRequestError(200, {"errcode": 42001, "errmsg": "access_token expired"})
    only(asked.body, "begin_date", "end_date")
    start, end = date.fromisoformat(asked.body["begin_date"]), until(asked.body["end_date"])
    if (end - start).days > most_days:
        raise BadRequestError(200, {"errcode": 61501, "errmsg": "date range error"})
    return start, end


def wechat_followers(asked: Asked, standin: Standin) -> Reply:
    start, end = _wechat(asked, standin, 7)
    rows = within(things(whose(standin), "page", 1), start, end)
    # each week, and each of its two questions, is a page here
    week = (start.day - 1) // 7
    if asked.path == "/datacube/getusercumulate":
        listed = [{"ref_date": str(each.at.date()), "cumulate_user": each.number} for each in rows]
        return Reply({"list": listed}, page=week)
    if asked.path != "/datacube/getusersummary":
        raise BadRequestError(200, {"errcode": 47009, "errmsg": "api offline"})
    listed = [
        {"ref_date": str(each.at.date()), "user_source": way, "new_user": new, "cancel_user": each.number % 7}
        for each in rows
        for way, new in ((0, each.number % 50), (30, each.number % 20))
    ]
    return Reply({"list": listed}, page=5 + week)


def wechat_articles(asked: Asked, standin: Standin) -> Reply:
    start, end = _wechat(asked, standin, 1)
    if asked.path != "/datacube/getarticletotaldetail":
        raise BadRequestError(200, {"errcode": 47009, "errmsg": "api offline"})

    def figures(each: Any, share: int) -> dict[str, Any]:
        known = {"read_user": each.number, "share_user": each.number // 3, "like_user": each.number // 5}
        return {**{name: value // share for name, value in known.items()}, "comment_count": 1}

    listed = [
        {
            "ref_date": str(each.at.date()),
            "msgid": f"{each.id}_1",
            "title": "文章",
            "content_url": "https://mp.weixin.qq.com/s/…",
            # what was reached by the end of each day since
            "detail_list": [
                {"stat_date": str(each.at.date() + DAY * at), **figures(each, 3 - at)} for at in range(3)
            ],
        }
        for each in within(things(whose(standin), "articles"), start, end)
    ]
    return Reply({"list": listed, "is_delay": False}, page=start.day - 1)


MORE = (
    *(linkedin_ads, pinterest_ads, snapchat_ads, hubspot_deals, salesforce_leads, youtube, x),
    *(facebook_posts, facebook_pages, instagram_media, surveymonkey, typeform),
    *(tencent_ads, baidu_ads, wechat_followers, wechat_articles, x_ads),
)
