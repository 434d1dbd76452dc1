-- Advertising: what was shown, clicked, paid and earned.
-- grain: source, entity, activity_date, campaign_id, ad_group_id
-- kind: periodic snapshot
-- measures:
--   ad_impressions: sum, count, from impressions
--   ad_clicks: sum, count, of ad_impressions, from clicks
--   ad_spend: sum, money, from spend
--   ad_conversions: sum, count, from conversions
--   ad_revenue: sum, money, from conversion_value
-- Money is converted row by row at the rate of its day and rounded to six digits, half away from zero.
-- An amount in the reporting currency needs no rate.
-- It is widened first: DuckDB keeps the product of two 18-digit decimals at 18 digits and overflows.
with ad_days as (
    select
        source,
        entity,
        owner_key,
        campaign_id,
        campaign_name,
        ad_group_id,
        ad_group_name,
        activity_date,
        currency_code,
        impressions,
        clicks,
        conversions,
        spend,
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

priced as (
    select
        ad_days.*,
        case
            when dim_reporting_currency.currency_code is null then rates.rate
            else cast(1 as decimal(18, 10))
        end as rate
    from ad_days
    left join rates
        on
            ad_days.activity_date = rates.rate_date
            and ad_days.currency_code = rates.currency_code
    left join dim_reporting_currency
        on ad_days.currency_code = dim_reporting_currency.currency_code
),

final as (
    select
        priced.source,
        priced.entity,
        priced.owner_key,
        priced.campaign_id,
        priced.campaign_name,
        priced.ad_group_id,
        priced.ad_group_name,
        priced.activity_date,
        priced.currency_code,
        priced.rate,
        priced.impressions as ad_impressions,
        priced.clicks as ad_clicks,
        priced.conversions as ad_conversions,
        priced.spend as ad_spend_amount,
        round(cast(priced.spend as decimal(19, 6)) * priced.rate, 6) as ad_spend,
        priced.conversion_value as ad_revenue_amount,
        round(cast(priced.conversion_value as decimal(19, 6)) * priced.rate, 6) as ad_revenue
    from priced
)

select * from final
