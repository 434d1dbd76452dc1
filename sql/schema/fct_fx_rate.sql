-- How many units of the reporting currency one unit of a currency is worth on a day.
-- quoted_date is the day of the quote in use: the day itself or the last quoted day before it.
-- grain: source, entity, rate_date, currency_code
-- kind: periodic snapshot
-- dated: rate_date
-- owner: everybody
create table fct_fx_rate (
    source text not null,
    entity text not null,
    slice_month date not null,
    owner_key text not null,
    rate_date date not null,
    quoted_date date not null,
    currency_code text not null,
    rate decimal(18, 10) not null
);
