"""A card as a workbook whose numbers are formulas; docs/reference/workbook.md says what each sheet holds."""
