"""Questions in Spark's SQL."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp
from sqlglot.dialects.spark import Spark
from sqlglot.generators.spark import SparkGenerator

from warehouse.sql_files import WRITTEN_IN, render

_SUMS = exp.DataType.build("decimal(24, 6)", dialect=WRITTEN_IN)


class SparkWithNestedWith(Spark):
    """Spark's SQL, in which a WITH stays where it stands.

    SQLGlot would move them all to the top, where many have the same name.
    """

    class Generator(SparkGenerator):
        """See above."""

        EXPRESSIONS_WITHOUT_NESTED_CTES: ClassVar[set[type[exp.Expr]]] = set()


def in_sparks_words(tree: exp.Expr) -> str:
    """A statement as Spark says it, its parameters as `:start`."""
    return render(tree.transform(_widened), SparkWithNestedWith.__name__.lower())


def _widened(node: exp.Expr) -> exp.Expr:
    """`cast(sum(x) as decimal(24, 6))` with each x cast before: a sum of counts may pass 64 bits."""
    if isinstance(node, exp.Cast) and isinstance(node.this, exp.Sum) and node.to == _SUMS:
        node.this.set("this", exp.cast(node.this.this, _SUMS.copy()))
    return node
