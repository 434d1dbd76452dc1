-- Web site: visits, and what they brought.
-- grain: source, entity, activity_date, channel
-- kind: periodic snapshot
-- measures:
--   sessions: sum, count, from sessions
--   engaged_sessions: sum, count, of sessions, from engaged_sessions
--   web_conversions: sum, count, from conversions
--   web_revenue: sum, money, from revenue
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
),

priced as (
    select
        web_days.*,
        case
            when dim_reporting_currency.currency_code is null then rates.rate
            else cast(1 as decimal(18, 10))
        end as rate
    from web_days
    left join rates
        on
            web_days.activity_date = rates.rate_date
            and web_days.currency_code = rates.currency_code
    left join dim_reporting_currency
        on web_days.currency_code = dim_reporting_currency.currency_code
),

final as (
    select
        priced.source,
        priced.entity,
        priced.owner_key,
        priced.channel,
        priced.activity_date,
        priced.currency_code,
        priced.rate,
        priced.sessions,
        priced.engaged_sessions,
        priced.conversions as web_conversions,
        priced.revenue as web_revenue_amount,
        round(cast(priced.revenue as decimal(19, 6)) * priced.rate, 6) as web_revenue
    from priced
)

select * from final
