-- What a cost centre may spend in a month, and what controlling finds its marketing to have brought;
-- incremental figures are null until controlling has closed the month. month_date is the first of it.
-- grain: source, entity, slice_month, cost_centre
-- kind: periodic snapshot
-- dated: month_date
-- amounts: budget, incremental_revenue, incremental_margin
create table fct_budget (
    source text not null,
    entity text not null,
    slice_month date not null,
    owner_key text not null,
    month_date date not null,
    cost_centre text not null,
    budget decimal(18, 6) not null,
    incremental_revenue decimal(18, 6),
    incremental_margin decimal(18, 6),
    currency_code text not null
);
