-- Advertising: what was shown, clicked, paid and earned.
-- grain: source, entity, owner_key, activity_date
-- kind: periodic snapshot
-- measures:
--   ad_impressions: sum, count
--   ad_clicks: sum, count
--   ad_spend: sum, money
--   ad_conversions: sum, count
--   ad_revenue: sum, money
-- Money is converted row by row at the rate of its day and rounded to six digits, half away from zero.
-- It is widened first: DuckDB keeps the product of two 18-digit decimals at 18 digits and overflows.
with ad_days as (
    select
        source,
        entity,
        owner_key,
        activity_date,
        currency_code,
        impressions,
        clicks,
        spend,
        conversions,
        conversion_value
    from fct_ad_daily
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

final as (
    select
        ad_days.source,
        ad_days.entity,
        ad_days.owner_key,
        ad_days.activity_date,
        cast(sum(ad_days.impressions) as decimal(24, 0)) as ad_impressions,
        cast(sum(ad_days.clicks) as decimal(24, 0)) as ad_clicks,
        cast(
            sum(cast(cast(ad_days.spend as decimal(20, 6)) * rates.rate as decimal(20, 6)))
            as decimal(24, 6)
        ) as ad_spend,
        cast(sum(ad_days.conversions) as decimal(24, 6)) as ad_conversions,
        cast(
            sum(cast(cast(ad_days.conversion_value as decimal(20, 6)) * rates.rate as decimal(20, 6)))
            as decimal(24, 6)
        ) as ad_revenue
    from ad_days
    left join rates
        on
            ad_days.activity_date = rates.rate_date
            and ad_days.currency_code = rates.currency_code
    group by
        ad_days.source,
        ad_days.entity,
        ad_days.owner_key,
        ad_days.activity_date
)

select * from final
