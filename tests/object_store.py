"""An object store of the tests' own, which speaks S3: no folders, no links, no renames, and shared by processes."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count


@dataclass(frozen=True)
class ObjectStore:
    """A running server: `environment` is what a process needs to reach it."""

    environment: Mapping[str, str]
    _numbers: Iterator[int] = field(default_factory=count)

    def new_place(self) -> str:
        """The address of a place in which nothing lies."""
        return f"s3://{BUCKET}/place-{os.getpid()}-{next(self._numbers)}"


BUCKET = "scorecards"


@contextmanager
def object_stores() -> Iterator[ObjectStore]:
    """A server that runs while the block does; this process reaches it, too."""
    # takes a second that few tests have to spend
    from moto.server import ThreadedMotoServer  # noqa: PLC0415

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    _, port = server.get_host_and_port()
    environment = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        import s3fs  # noqa: PLC0415

        s3fs.S3FileSystem().mkdir(BUCKET)
        yield ObjectStore(environment)
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        server.stop()
