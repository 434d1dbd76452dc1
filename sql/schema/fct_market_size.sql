-- How large a market segment is in a month; month_date is the first of the month.
-- grain: source, entity, slice_month, segment
-- kind: periodic snapshot
-- dated: month_date
-- amounts: market_size
create table fct_market_size (
    source text not null,
    entity text not null,
    slice_month date not null,
    owner_key text not null,
    month_date date not null,
    segment text not null,
    market_size decimal(18, 6) not null,
    currency_code text not null
);
