"""Why a host could not be believed: what is wrong with its certificate, and what helps."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping

from pulling.asking import AgainError, GaveUpError

_TRUST = (
    "if a proxy of your company stands between, let SSL_CERT_FILE name a file with its certificates beside "
    "those that are trusted anyway; else see that the connection names the right host"
)
_CLOCK = "see that the clock of this machine is right, or tell whoever runs that host"
_HOST = "correct the host of the connection; if it is right, a proxy of your company may stand between"
_BY_CODE: Mapping[int, tuple[str, str]] = {
    2: ("of somebody who is not trusted here", _TRUST),
    9: ("that is not valid yet", _CLOCK),
    10: ("that has expired", _CLOCK),
    18: ("that it has signed itself", _TRUST),
    19: ("of somebody who is not trusted here", _TRUST),
    20: ("of somebody who is not trusted here", _TRUST),
    21: ("of somebody who is not trusted here", _TRUST),
    23: ("that was revoked", "tell whoever runs that host"),
    62: ("of another host", _HOST),
    64: ("of another host", _HOST),
}
"""By the numbers of OpenSSL (X509_V_ERR_…)."""
_NO_TLS = (
    "see that the port of the connection is one for https and that no proxy stands between, or run later"
)


def refusal_of(error: BaseException) -> GaveUpError | AgainError | None:
    """What the error says of the certificate, which stays as it is; None where it says nothing."""
    of_tls = next((each for each in _causes(error) if isinstance(each, ssl.SSLError)), None)
    if isinstance(of_tls, ssl.SSLCertVerificationError):
        found, hint = _BY_CODE.get(of_tls.verify_code, (f"({of_tls.verify_message})", _TRUST))
        return GaveUpError(f"a certificate {found}", hint)
    return AgainError("a host that does not speak TLS", hint=_NO_TLS) if of_tls else None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
