"""Spark reads the files, through Spark Connect; it writes none, and nothing of ours runs there."""

from __future__ import annotations

import atexit
import re
import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain
from math import inf
from pathlib import Path
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
import sqlglot
from grpc import RpcError
from pyspark.errors import PySparkException
from pyspark.logger import PySparkLogger
from pyspark.sql.connect.client import DefaultChannelBuilder
from pyspark.sql.connect.client.retries import DefaultPolicy
from pyspark.sql.connect.session import SparkSession
from pyspark.sql.pandas.types import from_arrow_schema
from tenacity import retry, retry_if_exception_message, stop_after_attempt

from disk import Place
from lake.copies import damaged
from lake.relations import Relations, schema_of
from lake.spark_sql import in_sparks_words
from scoring.errors import DataError
from warehouse.asking import Question, Values, said
from warehouse.sql_files import WRITTEN_IN, SqlFile

# its client speaks of retries, of pandas and of settings
warnings.filterwarnings("ignore", module=r"pyspark\.")
# and prints whatever the server refuses with the server's stack; we say it in a sentence
for _told_by in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
    PySparkLogger.getLogger(_told_by).disabled = True

PATIENCE_MINUTES = 60.0
"""How long a question may take."""

# the client's own, those of its wire, and plain ones where its wire was closed
_ERRORS = (PySparkException, RpcError, ValueError)

TO_STOP_SECONDS = 10.0
"""How long it may take to stop one that takes longer."""

_OLDEST = 4

_compared: dict[Place, Any] = {}
"""The state in which a file was what its name says; none ever changes, so each is compared once."""

LOST = r"(?s).*(task context not found for operation|Exception deserializing response)"
"""What is said of an answer that was lost on its way: by Sail now and then, where several ask at once and the
answer was not fetched yet, and by the client where a busy machine gave it bytes that are no answer."""

RETRIES = 5
"""How often a server that is away is tried again: within 17 seconds in all."""

_PINNED = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    # a number that does not fit is an error, and not null
    "spark.sql.ansi.enabled": "true",
    # or a product of 38 digits would be rounded before it is rounded
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    # a file that is lost is an error, and not no rows
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.files.ignoreCorruptFiles": "false",
    # days before 1582 as they are written
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
}
"""What would change an answer, whatever the server has been set to."""


@dataclass(frozen=True, slots=True)
class Spark:
    """A server of Spark Connect, by its address."""

    # it may hold a token
    address: str = field(repr=False)

    def answer(self, asked: Question, values: Values, relations: Relations) -> pa.Table:
        """The answer to a question; raises `DataError` where Spark does not give one, and says why."""
        return self._told(said(asked, in_sparks_words), values, relations)

    def at_once(self, file: SqlFile) -> float:
        """However many bytes: its workers share them, and each question costs some seconds."""
        return inf

    def select(self, statement: str, relations: Relations) -> pa.Table:
        """The answer to a statement in DuckDB's SQL; raises the same."""
        return self._told(in_sparks_words(sqlglot.parse_one(statement, read=WRITTEN_IN)), {}, relations)

    def _told(self, statement: str, values: Values, relations: Relations) -> pa.Table:
        with _refused(self.address):
            return self._asked(statement, values, relations)

    # to ask again changes nothing, and what a session has lost a new one has
    @retry(retry=retry_if_exception_message(match=LOST), stop=stop_after_attempt(3), reraise=True)
    def _asked(self, statement: str, values: Values, relations: Relations) -> pa.Table:
        with _opened(self.address) as session:
            for name, rows in relations.rows.items():
                _show_rows(session, name, rows)
            # those of all facts at once: each time that Spark is asked costs more than what it looks at
            _refuse_changed(session, [*chain.from_iterable(relations.files.values())])
            for fact, files in relations.files.items():
                _show_fact(session, fact, files)
            return session.sql(statement, args=dict(values)).toArrow()


@contextmanager
def _opened(address: str) -> Iterator[Any]:
    """A session of our own, in which nobody else's tables are; it ends with the question."""
    session = SparkSession(connection=DefaultChannelBuilder(address))
    client = session.client
    # each would stay until the process ends, and then ask its server to forget models
    atexit.unregister(client._cleanup_ml_cache)
    # its own would go on for ten minutes
    client.set_retry_policies([DefaultPolicy(max_retries=RETRIES)])
    limit = PATIENCE_MINUTES * 60
    with _after(limit, session.interruptAll), _after(limit + TO_STOP_SECONDS, client.close):
        try:
            _refuse_older(session.version)
            for name, value in _PINNED.items():
                session.conf.set(name, value)
            yield session
        finally:
            # a server that is away is not waited for again
            client.set_retry_policies([])
            session.stop()


def _refuse_older(version: str) -> None:
    if int(version.partition(".")[0]) < _OLDEST:
        raise DataError(
            f"lake: expected a server of Spark {_OLDEST} or newer, found {version}; name another in "
            "SCOREWRIGHT_SPARK, or unset it to have this process compute."
        )


@contextmanager
def _after(seconds: float, action: Callable[[], object]) -> Iterator[None]:
    """Do something if the block has not ended so many seconds after it began."""
    timer = Timer(seconds, _quietly, [action])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _quietly(action: Callable[[], object]) -> None:
    # whoever waits for the answer is told
    with suppress(*_ERRORS):
        action()


@contextmanager
def _refused(address: str) -> Iterator[None]:
    """Raise what the client raises as a `DataError`."""
    try:
        yield
    except _ERRORS as error:
        words = f"{type(error).__name__}: {error}"
        expected, step = next(said for pattern, said in _REFUSALS if pattern.search(words))
        there = urlsplit(address).netloc
        raise DataError(
            f"lake: expected {expected} by Spark at {there}, found {_found(words)}; {step}."
        ) from None


def _found(words: str) -> str:
    """What happened, without the stack and the state of the wire."""
    details = _DETAILS.search(words)
    return (details[1] if details else words.splitlines()[0])[:300].rstrip(".; ")


def _show_rows(session: Any, name: str, rows: pa.Table) -> None:
    schema = from_arrow_schema(rows.schema, prefer_timestamp_ntz=True)
    session.createDataFrame(rows, schema=schema).createTempView(name)


def _show_fact(session: Any, fact: str, files: Sequence[Place]) -> None:
    if not files:
        _show_rows(session, fact, schema_of(fact).empty_table())
        return
    # a folder named a=b is no column
    reader = session.read.schema(from_arrow_schema(schema_of(fact))).option("recursiveFileLookup", "true")
    reader.parquet(*map(_address, files)).createTempView(fact)


def _refuse_changed(session: Any, files: Sequence[Place]) -> None:
    """Raise `DataError` for the first file that Spark does not see, or that is not what its name says.

    Sail would do without a file that is not there, and a flipped bit may be another number: a file has no
    checksum of its own. Spark compares each with the hash in its name, unless it did so in its present state.
    """
    states = _looked_at(session, files, "struct(length, modificationTime)")
    _refuse_lacking(files, states)
    unknown = [file for file in files if _compared.get(file) != states[file.name]]
    hashes = _looked_at(session, unknown, "sha2(content, 256)")
    for file in unknown:
        if hashes.get(file.name) != file.stem:
            raise damaged(file, "others")
        _compared[file] = states[file.name]


def _looked_at(session: Any, files: Sequence[Place], what: str) -> dict[str, Any]:
    """Something about each file that Spark sees, by the file's name."""
    if not files:
        return {}
    reader = session.read.format("binaryFile").option("recursiveFileLookup", "true")
    rows = reader.load([*map(_address, files)]).selectExpr("path", f"{what} as said").toArrow()
    return {row["path"].rpartition("/")[2]: row["said"] for row in rows.to_pylist()}


def _refuse_lacking(files: Sequence[Place], names: Collection[str]) -> None:
    for file in files:
        if file.name not in names:
            raise DataError(f"lake {file}: expected a file that Spark can read, found none there; {_WHERE}.")


def _address(file: Place) -> str:
    """A file as Spark names it: what is only a path may be one in a store of its cluster's own."""
    return f"file://{file}" if isinstance(file, Path) else str(file)


_WHERE = (
    "the lake must lie where Spark finds it under the same name; "
    "`scorewright verify --all` says whether a file is lost or changed"
)
_DETAILS = re.compile(r'details = "(.*)"')
_REFUSALS = tuple(
    (re.compile(pattern), (expected, step))
    for pattern, expected, step in (
        (
            "UNAVAILABLE",
            "an answer",
            "start it, or correct SCOREWRIGHT_SPARK, then run again",
        ),
        (
            "UNAUTHENTICATED|PERMISSION_DENIED",
            "to be let in",
            "correct the token in SCOREWRIGHT_SPARK",
        ),
        (
            "CANCEL|closed channel|NO_ACTIVE_SESSION",
            f"an answer within {PATIENCE_MINUTES:.0f} minutes",
            "look there at what takes so long, give it more workers, then run again",
        ),
        (
            "PATH_NOT_FOUND|FAILED_READ_FILE|FileNotFound|[Nn]o such file|[Pp]arquet",
            "files that can be read",
            _WHERE,
        ),
        (
            "",
            "an answer",
            "look for it in the log there",
        ),
    )
)
"""By what the client says, in the order in which it is looked for: what was expected, and what helps."""
