-- Web site: visits, and what they brought.
-- grain: source, entity, activity_date, channel
-- kind: periodic snapshot
-- measures:
--   sessions: sum, count
--   engaged_sessions: sum, count, of sessions
--   web_conversions: sum, count
--   web_revenue: sum, money
-- Money is converted row by row at the rate of its day and rounded to six digits, half away from zero.
-- An amount in the reporting currency needs no rate.
-- It is widened first: DuckDB keeps the product of two 18-digit decimals at 18 digits and overflows.
with web_days as (
    select
        source,
        entity,
        owner_key,
        channel,
        activity_date,
        currency_code,
        sessions,
        engaged_sessions,
        conversions,
        revenue
    from fct_web_daily
    where activity_date >= :start and activity_date < :end
),

rates as (
    select
        rate_date,
        currency_code,
        rate
    from fct_fx_rate
    where rate_date >= :start and rate_date < :end
    union distinct
    select
        web_days.activity_date as rate_date,
        web_days.currency_code,
        cast(1 as decimal(18, 10)) as rate
    from web_days
    inner join dim_reporting_currency
        on web_days.currency_code = dim_reporting_currency.currency_code
),

final as (
    select
        web_days.source,
        web_days.entity,
        web_days.owner_key,
        web_days.channel,
        web_days.activity_date,
        web_days.currency_code,
        rates.rate,
        web_days.sessions,
        web_days.engaged_sessions,
        web_days.conversions as web_conversions,
        web_days.revenue as web_revenue_amount,
        cast(cast(web_days.revenue as decimal(20, 6)) * rates.rate as decimal(20, 6)) as web_revenue
    from web_days
    left join rates
        on
            web_days.activity_date = rates.rate_date
            and web_days.currency_code = rates.currency_code
)

select * from final
