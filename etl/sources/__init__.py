"""The sources, found by looking into this folder: a module with a `NAME` is a source."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import cast

from etl.sources.base import Source


@cache
def registry() -> Mapping[str, Source]:
    """Every source by its name, in the order of names."""
    modules = (
        importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)
    )
    return MappingProxyType(
        {module.NAME: cast(Source, module) for module in modules if hasattr(module, "NAME")}
    )
