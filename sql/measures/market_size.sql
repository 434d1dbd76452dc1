-- Market size: one figure a month and segment, dated the first of the month.
-- grain: source, entity, activity_date, segment
-- kind: periodic snapshot
-- measures:
--   market_size: period, money
-- Money is converted row by row at the rate of its day and rounded to six digits, half away from zero.
-- An amount in the reporting currency needs no rate.
-- It is widened first: DuckDB keeps the product of two 18-digit decimals at 18 digits and overflows.
with segments as (
    select
        source,
        entity,
        owner_key,
        segment,
        month_date as activity_date,
        currency_code,
        market_size
    from fct_market_size
    where month_date >= :start and month_date < :end
),

rates as (
    select
        rate_date,
        currency_code,
        rate
    from fct_fx_rate
    where rate_date >= :start and rate_date < :end
),

priced as (
    select
        segments.*,
        case
            when dim_reporting_currency.currency_code is null then rates.rate
            else cast(1 as decimal(18, 10))
        end as rate
    from segments
    left join rates
        on
            segments.activity_date = rates.rate_date
            and segments.currency_code = rates.currency_code
    left join dim_reporting_currency
        on segments.currency_code = dim_reporting_currency.currency_code
),

final as (
    select
        priced.source,
        priced.entity,
        priced.owner_key,
        priced.segment,
        priced.activity_date,
        priced.currency_code,
        priced.rate,
        priced.market_size as market_size_amount,
        round(cast(priced.market_size as decimal(19, 6)) * priced.rate, 6) as market_size
    from priced
)

select * from final
