"""The databases of a worker on a PostgreSQL server: one that cases work in, and a copy for each start."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg import sql


@dataclass(frozen=True)
class Databases:
    """`server` is the address of the server without a database's name, `worker` tells workers apart."""

    server: str
    worker: str

    @property
    def urls(self) -> dict[str, str]:
        """The settings of a place whose warehouse and ledger are in the case's database."""
        return {"warehouse": f"{self.server}/{self._case}"}

    def empty(self) -> None:
        """A case's database with nothing in it."""
        self._replace(self._case, "template1")

    def keep(self, start: str) -> None:
        """Keep the case's database as that of the start."""
        self._replace(self._start(start), self._case)

    def restore(self, start: str) -> None:
        """The case's database as it was when the start was kept."""
        self._replace(self._case, self._start(start))

    @property
    def _case(self) -> str:
        return f"case_{self.worker}"

    def _start(self, name: str) -> str:
        return f"start_{self.worker}_{name.replace(' ', '_')}"

    def _replace(self, name: str, template: str) -> None:
        with psycopg.connect(f"{self.server}/postgres", autocommit=True) as connection:
            # by force: the server may not have noticed yet that a killed client is gone
            drop = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
            connection.execute(drop)
            connection.execute(
                sql.SQL("create database {} template {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
