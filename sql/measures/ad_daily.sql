-- Advertising: what was shown, clicked, paid and earned.
-- grain: activity_date, team_id
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

ownership as (
    select
        source,
        entity,
        owner_key,
        team_id,
        share
    from dim_ownership
),

rates as (
    select
        rate_date,
        currency_code,
        rate
    from fct_fx_rate
    where rate_date >= :start and rate_date < :end
),

by_owner as (
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
),

owned as (
    select
        by_owner.activity_date,
        coalesce(exact_key.team_id, rest.team_id, 'unassigned') as team_id,
        coalesce(exact_key.share, rest.share, cast(1 as decimal(5, 4))) as share,
        by_owner.ad_impressions,
        by_owner.ad_clicks,
        by_owner.ad_spend,
        by_owner.ad_conversions,
        by_owner.ad_revenue
    from by_owner
    left join ownership as exact_key
        on
            by_owner.source = exact_key.source
            and by_owner.entity = exact_key.entity
            and by_owner.owner_key = exact_key.owner_key
    left join ownership as rest
        on
            by_owner.source = rest.source
            and by_owner.entity = rest.entity
            and rest.owner_key = '*'
            and exact_key.team_id is null
),

final as (
    select
        activity_date,
        team_id,
        sum(ad_impressions * share) as ad_impressions,
        sum(ad_clicks * share) as ad_clicks,
        sum(ad_spend * share) as ad_spend,
        sum(ad_conversions * share) as ad_conversions,
        sum(ad_revenue * share) as ad_revenue
    from owned
    group by
        activity_date,
        team_id
)

select * from final
