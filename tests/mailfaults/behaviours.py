"""What mail servers do, and what must then be so: in the ledger, in what is said, and at the server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ledger import DeliveryState
from tests.mailfaults.servers import LOGIN, Way

SENT, FAILED = DeliveryState.SENT, DeliveryState.FAILED
REFUSED, UNCERTAIN = DeliveryState.REFUSED, DeliveryState.UNCERTAIN

GOOD = Way()
LATER, ASK = "run again later", "ask whoever runs the mail server"
TRUST, LOG_IN = "correct the address, user and password of the mail server", "user or password refused"
WHOM = "correct teams.yaml, give this address up"
RECIPIENT = "ask the recipient whether"

# in seconds; a short wait that ends too early on a busy machine ends the same way, the long one would not
_SHORT, _LONG = 0.2, 1.5


@dataclass(frozen=True)
class Behaviour:
    """What a server does at the first run, how a mail then ends, and what the sentence about it has.

    At the second run the server is `mended`. What failed must then go out; what was refused or is uncertain
    must not even be tried, until people have settled it: `is_given_up` says how they do with a refusal.
    """

    name: str
    way: Way
    ends: tuple[DeliveryState, ...]
    says: str = ""
    mended: Way = GOOD
    is_given_up: bool = False
    local: str = "reader"

    @property
    def is_slow(self) -> bool:
        """Whether each of its mails costs a wait."""
        return bool(self.way.holds)


def _answers(code: int, *commands: str, ends: DeliveryState, says: str) -> Iterator[Behaviour]:
    for command in commands:
        place = {"BODY": "the end of the body"}.get(command, command)
        yield Behaviour(f"{code} at {place}", Way(answers={command: f"{code} no"}), (ends,), says)


def _drops(*commands: str) -> Iterator[Behaviour]:
    for command in commands:
        yield Behaviour(f"drops at {command}", Way(drops=frozenset((command,))), (FAILED,), LATER)


def _holds(*commands: str) -> Iterator[Behaviour]:
    for command in commands:
        way = Way(holds=frozenset((command,)), timeout=_SHORT)
        yield Behaviour(f"hangs at {command}", way, (FAILED,), LATER)


_TLS = "tls=required"
_NO_LETTERS = Way(options={"enable_SMTPUTF8": False})
_LETTERS = Way(options={"enable_SMTPUTF8": True})

BEHAVIOURS = (
    Behaviour("accepts", GOOD, (SENT,)),
    *_answers(421, "EHLO", ends=FAILED, says=LATER),
    *_answers(451, "MAIL", "RCPT", "DATA", "BODY", ends=FAILED, says=LATER),
    *_answers(550, "RCPT", ends=REFUSED, says=WHOM),
    Behaviour("550 at RCPT, given up", Way(answers={"RCPT": "550 who?"}), (REFUSED,), WHOM, is_given_up=True),
    *_answers(550, "MAIL", ends=FAILED, says="correct the sender in organisation.yaml"),
    *_answers(554, "DATA", "BODY", ends=REFUSED, says=ASK),
    Behaviour("552 for its size, after the body", Way(answers={"BODY": "552 too large"}), (REFUSED,), ASK),
    Behaviour(
        "a SIZE that is too small", Way(options={"data_size_limit": 500}), (FAILED,), "accepts 500 bytes"
    ),
    Behaviour("a SIZE that the words fit", Way(options={"data_size_limit": 90_000}), (SENT,)),
    Behaviour("552 5.3.4 after the body", Way(answers={"BODY": "552 5.3.4 no"}), (FAILED,), ASK),
    *_drops("EHLO", "MAIL", "RCPT", "DATA"),
    # all may be on its way before the line is seen to be dead
    Behaviour("drops in the body", Way(drops=frozenset(("MIDDLE",))), (FAILED, UNCERTAIN)),
    Behaviour("drops after the end, kept", Way(drops=frozenset(("BODY",))), (UNCERTAIN,), RECIPIENT),
    Behaviour("drops after the end, lost", Way(drops=frozenset(("LOST",))), (UNCERTAIN,), RECIPIENT),
    Behaviour("drops after its answer", Way(drops=frozenset(("QUIT",))), (SENT,)),
    Behaviour("is not there", Way(is_there=False), (FAILED,), LATER),
    *_holds("EHLO", "RCPT", "DATA"),
    Behaviour("hangs after the end", Way(holds=frozenset(("BODY",)), timeout=_LONG), (UNCERTAIN,), RECIPIENT),
    Behaviour("offers no STARTTLS", Way(query=_TLS), (FAILED,), TRUST, Way(tls="good", query=_TLS)),
    Behaviour(
        "454 at STARTTLS",
        Way(answers={"STARTTLS": "454 not now"}, tls="good", query=_TLS),
        (FAILED,),
        LATER,
        Way(tls="good", query=_TLS),
    ),
    Behaviour(
        "a wrong certificate", Way(tls="bad", query=_TLS), (FAILED,), TRUST, Way(tls="good", query=_TLS)
    ),
    Behaviour(
        "a wrong login",
        Way(is_guarded=True, login="reader:wrong@"),
        (FAILED,),
        LOG_IN,
        Way(is_guarded=True, login=LOGIN),
    ),
    Behaviour("offers no SMTPUTF8", _NO_LETTERS, (FAILED,), "SMTPUTF8", _LETTERS, local="müller"),
)
