"""A page in Airflow with the issued cards, for those who may answer what the monthly DAG asks.

Every process of Airflow loads its plugins, a task's too, so what the page needs is imported by the api-server
alone.
"""

from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from airflow.sdk.configuration import conf
from airflow.sdk.plugins_manager import AirflowPlugin

PREFIX = "/scorecards"
TEMPLATE = Path(__file__).with_name("scorecards_page.html.j2")
# nothing of the page runs, and nobody else shows or keeps it
HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
}


class ScorecardsPage(AirflowPlugin):  # type: ignore[misc]
    """The page, and its place in Airflow's menu.

    It opens in a tab of its own: Airflow shows what is inside its pages in a sandbox that opens no PDF.
    """

    name = "scorecards"

    @cached_property
    def external_views(self) -> list[dict[str, Any]]:
        """The entry of the menu, also where Airflow has an address below another site."""
        root = urlsplit(conf.get("api", "base_url", fallback="/")).path.rstrip("/")
        return [{"name": "Scorecards", "href": f"{root}{PREFIX}/", "destination": "nav"}]

    @cached_property
    def fastapi_apps(self) -> list[dict[str, Any]]:
        """The app; only the api-server asks for it."""
        return [{"name": "Scorecards", "url_prefix": PREFIX, "app": _app()}]


def _app() -> Any:
    """The routes, none of which answers anybody who may not answer for the monthly DAG."""
    from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
    from airflow.api_fastapi.core_api.security import requires_access_dag
    from fastapi import Depends, FastAPI

    from scoring.errors import ScorewrightError

    # without a login 401, with a role that may only look at runs 403
    allowed = requires_access_dag("PUT", DagAccessEntity.HITL_DETAIL, param_dag_id="monthly_scorecards")
    # its own documentation would be open to all
    app = FastAPI(dependencies=[Depends(allowed)], docs_url=None, redoc_url=None, openapi_url=None)
    app.add_api_route("/", _page)
    app.add_api_route("/{period}", _page)
    app.add_api_route("/documents/{issue_id}/{sha256}", _document)
    app.add_exception_handler(ScorewrightError, _refused)
    return app


def _page(period: str | None = None) -> Any:
    """The cards of a period, or of the newest one."""
    from fastapi.responses import HTMLResponse
    from jinja2 import Environment, StrictUndefined

    from auditing.overview import overview
    from auditing.sources import versions_ending
    from pipeline.site import open_site

    site = open_site()
    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    html = made.from_string(TEMPLATE.read_text("utf-8")).render(
        shown=overview(site, period),
        organisation=site.book.organisation.en,
        warnings=versions_ending(site, site.book.today(datetime.now(UTC))),
    )
    return HTMLResponse(html, headers=HEADERS)


def _document(issue_id: int, sha256: str) -> Any:
    """A document as it was issued."""
    from fastapi.responses import Response

    from auditing.overview import document_of
    from pipeline.site import open_site

    document, content = document_of(open_site(), issue_id, sha256)
    shown = {**HEADERS, "Content-Disposition": f'inline; filename="{document.name}"'}
    return Response(content, media_type=document.media_type, headers=shown)


def _refused(_: Any, error: Exception) -> Any:
    """The sentence of a refusal: what is not there, or what the page cannot be made of."""
    from fastapi.responses import PlainTextResponse

    from scoring.errors import UsageError
    from scoring.visible import visible

    status = 404 if isinstance(error, UsageError) else 503
    return PlainTextResponse(visible(str(error)), status, headers=HEADERS)
