"""A process of its own for what another's library makes of bytes from outside, with a budget.

It is started with the first call and kept for the next ones. It gets no settings and no passwords, as much
memory and time as said here, and whatever becomes of it, its parent only gets an answer or an error. It ends
with its parent, however that ends. Cards are drawn in such processes, too.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from processes.stack import on_one_piece
from scoring.errors import ScorewrightError

T = TypeVar("T")

MOST_MEMORY = 448 * 2**20
MOST_SECONDS_OF_WAITING = 60
"""A machine that is busy with other things may take longer than the seconds of computing that a call has."""

_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "TZ")
_SERVE = (
    "import sys; sys.path[:] = sys.argv[3:]; "
    "from processes.guarded import serve; serve(int(sys.argv[1]), int(sys.argv[2]))"
)


class BudgetError(ScorewrightError):
    """The call came to no end: `found` says what stopped it."""

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(f"expected what can be read in little time and memory, found {found}.")

    def __reduce__(self) -> tuple[type[BudgetError], tuple[str]]:
        return BudgetError, (self.found,)


class BrokenError(ScorewrightError):
    """The function raised something: `found` is the name of its class."""

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(f"expected what can be read, found something else ({found}); save it again.")

    def __reduce__(self) -> tuple[type[BrokenError], tuple[str]]:
        return BrokenError, (self.found,)


def guarded(function: Callable[..., T], *arguments: Any, seconds: int) -> T:
    """What a function of a module returns, called in the process apart within `seconds` of computing.

    Arguments and result are copied. A `ScorewrightError` that it raises is raised here, if it can be copied;
    anything else is a `BrokenError`, and a `BudgetError` where it took too much time or memory or brought the
    process down.
    """
    with _Kept.lock:
        process = _running()
        try:
            is_good, answer = process.ask(seconds, function, arguments)
        except BaseException:
            stop()
            raise
        if isinstance(answer, BudgetError):
            stop()  # what it still holds of that file is not asked
    if is_good:
        return answer  # type: ignore[no-any-return]
    raise answer


class _Kept:
    """The process of this one, one call at a time."""

    lock = threading.Lock()
    process: Process | None = None


@dataclass(slots=True)
class Process:
    """An interpreter with nothing of ours but a connection, for one call at a time."""

    connection: Connection
    running: subprocess.Popen[bytes] = field(repr=False)

    @classmethod
    def start(cls, memory: int = MOST_MEMORY, *, passed_on: Sequence[str] = ()) -> Process:
        """One that may have `memory` bytes, and sees these variables of the environment beside a few."""
        ours, theirs = socket.socketpair()
        with theirs:
            passed = (*_PASSED_ON, *passed_on)
            environment = {name: os.environ[name] for name in passed if name in os.environ}
            try:
                running = subprocess.Popen(  # noqa: S603 - this very program
                    [sys.executable, "-c", _SERVE, str(theirs.fileno()), str(memory), *sys.path],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    # Ctrl-C is for the parent, with which it ends
                    process_group=0,
                    # a thread for each core would need more address space than the budget has
                    env=environment | {"OPENBLAS_NUM_THREADS": "1"},
                )
            except BaseException:
                ours.close()
                raise
        return cls(Connection(ours.detach()), running)

    def ask(self, seconds: int, function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[bool, Any]:
        """Whether the call came to its end, and its answer or error; `BudgetError` if it is to be stopped."""
        try:
            self.connection.send((seconds, function, arguments))
            if not self.connection.poll(MOST_SECONDS_OF_WAITING):
                raise BudgetError(f"one that is not read after {MOST_SECONDS_OF_WAITING} s")
            is_good, answer = self.connection.recv()
        except (EOFError, OSError):
            raise BudgetError(self._end(seconds)) from None
        return is_good, answer

    def _end(self, seconds: int) -> str:
        """What the process died of."""
        if self.running.wait(MOST_SECONDS_OF_WAITING) == -signal.SIGXCPU:
            return f"one that is not read after {seconds} s"
        return "one that breaks the program that reads it"

    def stop(self) -> None:
        """End it, whatever it does."""
        self.connection.close()
        self.running.kill()
        self.running.wait()

    def forget(self) -> None:
        """After a fork, in the child: it is not ours to ask, and not ours to wait for."""
        self.connection.close()
        self.running.returncode = 0


def _running() -> Process:
    """The process, started where there is none."""
    if _Kept.process is not None and _Kept.process.running.poll() is not None:
        stop()  # it ended while nobody asked anything of it
    if _Kept.process is None:
        _Kept.process = Process.start()
    return _Kept.process


@atexit.register
def stop() -> None:
    """End the process, if there is one; the next call starts another."""
    if _Kept.process is not None:
        _Kept.process.stop()
        _Kept.process = None


def _forget() -> None:
    """After a fork: the process is the parent's, and so may be the one who holds the lock."""
    if _Kept.process is not None:
        _Kept.process.forget()
    _Kept.lock, _Kept.process = threading.Lock(), None


os.register_at_fork(after_in_child=_forget)


def serve(handle: int, memory: int) -> None:
    """Answer one call after the other, until the parent is gone."""
    threading.Thread(target=_end_with_parent, args=(handle,), daemon=True).start()
    with contextlib.suppress(ValueError, OSError):  # not every system has this limit
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    connection = Connection(handle)
    with contextlib.suppress(EOFError, KeyboardInterrupt, OSError):
        while True:
            connection.send(_answer(connection))


def _end_with_parent(handle: int) -> None:
    """A parent that is killed cannot stop a call that hangs."""
    other_end = select.poll()
    other_end.register(handle, 0)  # that it is closed is told unasked
    other_end.poll()
    os._exit(1)


def _answer(connection: Connection) -> tuple[bool, Any]:
    _, hardest = resource.getrlimit(resource.RLIMIT_CPU)
    # what was left of the last call's time is not this one's
    resource.setrlimit(resource.RLIMIT_CPU, (hardest, hardest))
    try:
        seconds, function, arguments = connection.recv()
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + seconds, hardest))
        return True, on_one_piece(function, *arguments)
    except EOFError:
        raise
    except ScorewrightError as error:
        return False, error
    except MemoryError:
        most = resource.getrlimit(resource.RLIMIT_AS)[0] // 2**20
        return False, BudgetError(f"one that needs more than {most} MiB of memory")
    except Exception as error:
        return False, BrokenError(type(error).__name__)
