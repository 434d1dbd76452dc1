"""Exit with 0 if an address answers: the health check of what speaks HTTP, in a tenth of a second."""

from __future__ import annotations

import sys
import urllib.request

with urllib.request.urlopen(sys.argv[1], timeout=5) as answer:  # noqa: S310  # an address of docker-compose.yaml
    sys.exit(answer.status != 200)
