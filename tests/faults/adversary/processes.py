"""Real processes of the product, forked from one that has everything imported, and what befalls them."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import terminal.commands.asking
import terminal.commands.making
import terminal.commands.showing
from pipeline.site import open_site
from pipeline.steps import Steps
from scoring.errors import ScorewrightError
from terminal.cli import main
from tests.faults.adversary.plans import CLOCKS, Strike
from tests.faults.place import FIRST_RUN

NOW = FIRST_RUN + timedelta(days=10)
"""When a case takes place, by a clock that is right."""
PATIENCE_SECONDS = 150.0
"""After this long a process is stuck: locks are waited for 120 s."""
UNHEARD = 70
"""The code of a process whose last words could not be written, for that is what failed."""
STRACE = shutil.which("strace")


@dataclass(frozen=True)
class End:
    """How a process ended: its code (negative is a signal), and what it wrote."""

    words: tuple[str, ...]
    code: int
    out: str
    err: str
    strike: Strike | None = None

    @property
    def said(self) -> str:
        return " ".join((self.err or self.out).split())[-400:]


def can_trace() -> bool:
    """Whether system calls of a process can be struck here."""
    if STRACE is None:
        return False
    tried = [STRACE, "-f", "-qq", "-o", "/dev/null", "-e", "inject=getppid:error=EIO:when=1", "true"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


def clock_of(name: str) -> Callable[[], datetime]:
    """A clock that is wrong by the hours of its name."""
    wrong, looks = CLOCKS[name], 0

    def now() -> datetime:
        nonlocal looks
        looks += 1
        return NOW + timedelta(hours=wrong[(looks - 1) % len(wrong)])

    return now


@dataclass
class Running:
    """A process that was forked and waits until it may go."""

    words: tuple[str, ...]
    pid: int
    gate: int
    folder: Path
    strike: Strike | None
    tracer: subprocess.Popen[bytes] | None = None
    code: int | None = None
    due: list[tuple[float, int]] = field(default_factory=list)

    def poll(self) -> bool:
        """Whether it has ended."""
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
                if self.tracer is not None:
                    self.tracer.wait(timeout=10)
        return self.code is not None

    def send(self, number: int) -> None:
        if self.code is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def end(self) -> End:
        assert self.code is not None
        out, err = ((self.folder / name).read_text("utf-8", "replace") for name in ("out", "err"))
        return End(self.words, self.code, out, err, self.strike)


Work = Callable[[], None]


def begin(
    words: Sequence[str], settings: Mapping[str, str], clock: str, strike: Strike | None, folder: Path
) -> Running:
    """Fork a process that will do the command once it may go; what it writes is kept in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    reading, writing = os.pipe()
    waiting, ready = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(writing)
        gc.disable()
        _be_it(words, settings, clock, folder, reading, ready)
    os.close(reading)
    os.close(ready)
    # what befalls it is to befall the program, not the way to it
    os.read(waiting, 1)
    os.close(waiting)
    running = Running(tuple(words), pid, writing, folder, strike)
    if strike is not None and strike.kind in ("die", "fail"):
        running.tracer = _traced(pid, strike)
    return running


def _traced(pid: int, strike: Strike) -> subprocess.Popen[bytes]:
    what = "signal=KILL" if strike.kind == "die" else f"error={strike.error}"
    when = f"{strike.nth}+" if strike.onwards else str(strike.nth)
    chosen = ("-e", f"trace={strike.call}", "-e", f"inject={strike.call}:{what}:when={when}")
    assert STRACE is not None
    tracer = subprocess.Popen([STRACE, "-f", "-qq", "-o", "/dev/null", *chosen, "-p", str(pid)])
    deadline = time.monotonic() + 20
    while "TracerPid:\t0\n" in Path(f"/proc/{pid}/status").read_text("ascii"):
        if time.monotonic() > deadline:
            raise TimeoutError("strace does not attach itself")
        time.sleep(0.002)
    return tracer


def _be_it(
    words: Sequence[str], settings: Mapping[str, str], clock: str, folder: Path, gate: int, ready: int
) -> None:
    """The child: never returns."""
    code = UNHEARD
    try:
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
        os.environ.update({f"SCOREWRIGHT_{name.upper()}": value for name, value in settings.items()})
        now = clock_of(clock)
        for module in (terminal.commands.making, terminal.commands.showing, terminal.commands.asking):
            module.now = now  # type: ignore[attr-defined]
        os.write(ready, b"r")
        os.close(ready)
        os.read(gate, 1)
        code = _step(words[1], now) if words[0] == "step" else _command(words)
    except BaseException:
        traceback.print_exc()
        code = 1
    finally:
        with suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _command(words: Sequence[str]) -> int:
    sys.argv = ["scorewright", *words]
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    return 0


def _step(name: str, now: Callable[[], datetime]) -> int:
    """A step of the pipeline by itself, as Airflow's tasks call it."""
    try:
        site, steps = open_site(), Steps()
        if name == "deliver":
            for issue in site.ledger.latest_revisions("2026-10"):
                steps.deliver(site, issue.id, now=now)
        steps.finish(site, now=now)
    except ScorewrightError as error:
        sys.stderr.write(f"scorewright: {error}\n")
        return error.exit_code
    return 0


def watch(running: Sequence[Running], happenings: Sequence[tuple[float, Callable[[], None]]]) -> list[End]:
    """Let all go at once, do what is to happen when it is due, and wait until every one has ended.

    Raises `TimeoutError` where one is stuck; it is killed then.
    """
    due = sorted([*happenings, *_blows(running)], key=lambda one: one[0])
    for each in running:
        # it is gone already where it was struck while it closed a pipe
        with suppress(BrokenPipeError):
            os.write(each.gate, b"g")
        os.close(each.gate)
    started = time.monotonic()
    while not all(each.poll() for each in running):
        passed = time.monotonic() - started
        while due and due[0][0] <= passed:
            due.pop(0)[1]()
        if passed > PATIENCE_SECONDS:
            _give_up(running)
        time.sleep(0.004)
    for _, happen in due:
        happen()
    return [each.end() for each in running]


def _blows(running: Sequence[Running]) -> list[tuple[float, Callable[[], None]]]:
    found: list[tuple[float, Callable[[], None]]] = []
    for each in running:
        strike = each.strike
        if strike is not None and strike.kind == "kill":
            found.append((strike.after, lambda each=each: each.send(signal.SIGKILL)))
        if strike is not None and strike.kind == "stop":
            found.append((strike.after, lambda each=each: each.send(signal.SIGSTOP)))
            found.append((strike.after + strike.lasting, lambda each=each: each.send(signal.SIGCONT)))
    return found


def _give_up(running: Sequence[Running]) -> None:
    stuck = [each for each in running if each.code is None]
    for each in stuck:
        each.send(signal.SIGKILL)
        os.waitpid(each.pid, 0)
    names = ", ".join(" ".join(each.words) for each in stuck)
    raise TimeoutError(f"still not over after {PATIENCE_SECONDS:g} s: {names}")
