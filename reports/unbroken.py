"""Where lines of the pages may not end, which their layout does not know.

Chinese may turn to a new line before any character, and so before one alone; and `(+€26.89)` was torn behind
its plus.
"""

from __future__ import annotations

import re

_HAN = "\u3400-\u9fff"
_SIGNED = re.compile("(?<=[(（])([+\u2212][^ <>()（）]+)(?=[)）][^<>]*</li>)")
_END = re.compile(f"(?<=[^<>])([{_HAN}][{_HAN}、。（），；]{{3,4}})(?=</(?:li|p|td)>)")
_WHOLE = r'<span class="whole">\1</span>'


def keep_whole(html: str) -> str:
    """Pages whose lists tear no number from its sign, and whose Chinese ends in four or five characters that
    stay together.
    """
    return _END.sub(_WHOLE, _SIGNED.sub(_WHOLE, html))
