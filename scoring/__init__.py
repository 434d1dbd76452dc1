"""The domain: periods, KPIs, targets, rules and scorecards. Pure: no I/O, no clock, `Decimal` only."""
