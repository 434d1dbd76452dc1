"""Texts that would do something wherever they are taken for more than text."""

from __future__ import annotations

_HTML = (
    "<script>alert({n})</script>",
    "<img src=http://127.0.0.1:9/p{n} onerror=alert({n})>",
    "</td></table><h1>p{n}",
    "<svg/onload=alert({n})>",
    "<iframe src=file:///etc/passwd>{n}",
    '"><b onclick="p{n}()">',
    "<link rel=attachment href=/etc/passwd>{n}",
    "<a href=javascript:p{n}()>x</a>",
    "<!--p{n}",
    "]]><x p={n}>",
    "&#60;script&#62;p{n}",
    "<object data=http://127.0.0.1:9/o{n}>",
    "<base href=http://127.0.0.1:9/{n}>",
    "<meta http-equiv=refresh content=0;p{n}>",
)
_CSS = (
    "</style><style>*{{display:none}}/*{n}",
    "}}body{{background:url(http://127.0.0.1:9/c{n})",
    "@import 'http://127.0.0.1:9/i{n}.css';",
    "style=position:fixed;p:{n}",
    "expression(p{n}())",
)
_SQL = (
    "'; drop table issues; --{n}",
    '" or 1=1 --{n}',
    "1); delete from load_record; --{n}",
    "' union select {n} --",
    ":start %(x)s ${n} ?{n}",
    "\\'; attach '/tmp/p{n}' as p; --",
)
_SHEETS = (
    "=cmd|'/c calc'!A{n}",
    "+{n}+1",
    "-{n}+1",
    "@SUM(A{n})",
    '=HYPERLINK("http://127.0.0.1:9/h{n}")',
    '=WEBSERVICE("http://127.0.0.1:9/w{n}")',
    "{{=p{n}}}",
)
_FORMATS = (
    "%s%n%x{n}",
    "{{0.__class__.__mro__}}{n}",
    "%(levelname)s p{n}",
    "{{n!r:>{n}}}",
    "${{jndi:ldap://127.0.0.1:9/j{n}}}",
)
_PATHS = (
    "../../../pwned{n}",
    "/etc/pwned{n}",
    "..\\..\\pwned{n}",
    "$(touch pwned{n})",
    "`touch pwned{n}`",
    "; touch pwned{n} #",
    "| tee pwned{n}",
    "~/pwned{n}",
    "%2e%2e%2fpwned{n}",
)
_TEMPLATES = (
    "{{{{7*1337}}}}{n}",
    "{{% for x in y %}}p{n}",
    "{{{{config.__class__}}}}{n}",
    "{{# p{n} #}}",
    "${{7*1337}}{n}",
    "<%= 7*1337 %>{n}",
    "#{{7*1337}}{n}",
)
_MARKUP = (
    "[link=http://127.0.0.1:9/l{n}]x[/link]",
    "[bold red]p{n}",
    "[/]p{n}",
    "[@click=app.bell]p{n}[/]",
    ":warning: p{n}",
    "\\[/p{n}]",
)
_MARKS = ("a\u200fb{n}", "\u061cp{n}", "\u200ep{n}")
_TURNS = ("\u202egnp.{n}", "\u2066p{n}\u2069", "\u202ap{n}\u202c", "p\u202d{n}", "\u2067p{n}", "p{n}\u2069")
_TERMINAL = (
    "\x1b[2Jp{n}",
    "\x1b]8;;http://127.0.0.1:9/t{n}\x1b\\x",
    "\x1b]0;p{n}\x07",
    "\x1b]52;c;cDE=\x07{n}",
    "\x9b2Jp{n}",
    "\x1bcp{n}",
    "p{n}\x08\x08\x08ok",
    "\x1b[1A\x1b[2Kp{n}",
    "\x1bP+q{n}\x1b\\",
    "\x7fp{n}",
)

PRINTABLE = tuple(
    text.format(n=number + turn * 100)
    for turn in range(2)
    for number, text in enumerate(
        (*_HTML, *_CSS, *_SQL, *_SHEETS, *_FORMATS, *_PATHS, *_TEMPLATES, *_MARKUP, *_MARKS)
    )
)
"""Those that a book may hold: they have no control character and turn no text."""

CONTROLS = tuple(
    text.format(n=number + turn * 100) for turn in range(3) for number, text in enumerate(_TERMINAL)
)
"""Those that only an export or a file's name may hold."""

TURNS = tuple(text.format(n=number) for number, text in enumerate(_TURNS))
"""Those that change the writing direction, which only an export or a file's name may hold, too."""

ALL = PRINTABLE + CONTROLS + TURNS
