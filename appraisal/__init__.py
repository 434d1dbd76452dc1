"""The appraisal form, written and read back: what people say about a period's KPIs."""

from appraisal.commands import enter_form, write_form
from appraisal.workbook import BadFormError

__all__ = ["BadFormError", "enter_form", "write_form"]
