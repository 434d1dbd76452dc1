"""Airflow's Connections: databases, tokens and webhooks by their names, and the mail server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from airflow.sdk import BaseHook
from airflow.sdk.exceptions import AirflowNotFoundException
from airflow.sdk.log import mask_secret

if TYPE_CHECKING:
    from airflow.sdk import Connection

    from pipeline.site import Site

SMTP_CONNECTION = "scorewright_smtp"


class Connections(Mapping[str, str]):
    """The connections that the environment has, then those of Airflow.

    Airflow is asked when a step first wants one: that is a request to its server, and most tasks want none.
    """

    def __init__(self, site: Site) -> None:
        groups = {group.address for group in site.book.groups}
        self._secrets = groups.union(site.book.mailing.passphrases.values())
        given = site.settings.connections.items()
        self._found: dict[str, str | None] = {name: said for name, said in given if not said.startswith("{")}

    def __getitem__(self, name: str) -> str:
        if name not in self._found:
            self._found[name] = self._asked(name)
        found = self._found[name]
        if found is None:
            raise KeyError(name)  # the step says which address is missing
        return found

    def __iter__(self) -> Iterator[str]:
        return (name for name, found in self._found.items() if found is not None)

    def __len__(self) -> int:
        return len([*self])

    def __repr__(self) -> str:
        return f"Connections({', '.join(self)})"  # and none of their secrets

    def _asked(self, name: str) -> str | None:
        from settings import address_of

        connection = _connection(name)
        if connection is None:
            return None
        return _webhook(connection) if name in self._secrets else address_of(connection.get_uri())


def smtp_address() -> str | None:
    """The Connection `scorewright_smtp` as a delivery URL; None if Airflow has no such connection.

    Port 465 uses TLS from the start; on any other the extras `tls` and `timeout` apply, as in the URL.
    """
    connection = _connection(SMTP_CONNECTION)
    if connection is None:
        return None
    port = connection.port or 587
    scheme = "smtps" if port == 465 else "smtp"
    return f"{scheme}://{_login(connection)}{connection.host}:{port}{_options(connection)}"


def _connection(name: str) -> Connection | None:
    try:
        return BaseHook.get_connection(name)
    except AirflowNotFoundException:
        return None


def _webhook(connection: Connection) -> str:
    """The webhook of a chat group: the password of its Connection, and the extra `secret` that signs.

    Or a passphrase, which is a password alone.
    """
    secret = str(connection.extra_dejson.get("secret", ""))
    # Airflow hides the password as a whole, and what signs by the name of its extra; a message has pieces
    for part in filter(None, (connection.password, secret)):
        mask_secret(part)
    return f"{connection.password or ''}{f'#{secret}' if secret else ''}"


def _login(connection: Connection) -> str:
    if not connection.login:
        return ""
    password = quote(connection.password or "", safe="")
    if password:
        # Airflow hides the password in its logs as it knows it, and not in this spelling
        mask_secret(password)
    return f"{quote(connection.login, safe='')}:{password}@"


def _options(connection: Connection) -> str:
    extras = {name: value for name, value in connection.extra_dejson.items() if name in ("tls", "timeout")}
    return f"?{urlencode(extras)}" if extras else ""
