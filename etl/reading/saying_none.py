"""Words with which platforms say in place of rows that there are none, such as `No data available.`."""

from __future__ import annotations

import re

_IN_LANGUAGES = (
    r"(there (is|was|are|were) )?no (data|rows|results|records)"
    r"( (available|found|returned|to (display|show)|for|in|match\w*)\b.*)?",
    r"(es (sind|liegen|wurden) )?keine (daten|ergebnisse|datensätze)"
    r"( (verfügbar|vorhanden|vor|gefunden|für)\b.*)?",
    r"aucun(e donnée| résultat)\b.*",
    r"(no hay|sin) (datos|resultados)\b.*",
    r"(nenhum|sem) (dado|dados|resultado|resultados)\b.*",
    r"nessun (dato|risultato)\b.*",
    r"geen (gegevens|resultaten)\b.*",
    "(暂无|没有|无|暫無|沒有|無)(可用|相关|相關)?的?(数据|记录|數據|資料|記錄)",
    "(利用できる|利用可能な)?(データ|結果)(が|は)?(ありません|なし)",
    "(사용 ?가능한 )?데이터(가)? ?(없습니다|없음)",
)
_SAYS_NONE = re.compile("|".join(_IN_LANGUAGES), re.IGNORECASE)


def says_none(text: str) -> bool:
    """Whether a text says nothing but that there is nothing."""
    return bool(_SAYS_NONE.fullmatch(text.strip().strip('"').rstrip(" .!。,;")))
