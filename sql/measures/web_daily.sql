-- Web site: visits, and what they brought.
-- grain: activity_date, team_id
-- kind: periodic snapshot
-- measures:
--   sessions: sum, count
--   engaged_sessions: sum, count
--   web_conversions: sum, count
--   web_revenue: sum, money
-- Money is converted row by row at the rate of its day and rounded to six digits, half away from zero.
-- It is widened first: DuckDB keeps the product of two 18-digit decimals at 18 digits and overflows.
with web_days as (
    select
        source,
        entity,
        owner_key,
        activity_date,
        currency_code,
        sessions,
        engaged_sessions,
        conversions,
        revenue
    from fct_web_daily
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
        web_days.source,
        web_days.entity,
        web_days.owner_key,
        web_days.activity_date,
        cast(sum(web_days.sessions) as decimal(24, 0)) as sessions,
        cast(sum(web_days.engaged_sessions) as decimal(24, 0)) as engaged_sessions,
        cast(sum(web_days.conversions) as decimal(24, 6)) as web_conversions,
        cast(
            sum(cast(cast(web_days.revenue as decimal(20, 6)) * rates.rate as decimal(20, 6)))
            as decimal(24, 6)
        ) as web_revenue
    from web_days
    left join rates
        on
            web_days.activity_date = rates.rate_date
            and web_days.currency_code = rates.currency_code
    group by
        web_days.source,
        web_days.entity,
        web_days.owner_key,
        web_days.activity_date
),

owned as (
    select
        by_owner.activity_date,
        coalesce(exact_key.team_id, rest.team_id, 'unassigned') as team_id,
        coalesce(exact_key.share, rest.share, cast(1 as decimal(5, 4))) as share,
        by_owner.sessions,
        by_owner.engaged_sessions,
        by_owner.web_conversions,
        by_owner.web_revenue
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
        sum(sessions * share) as sessions,
        sum(engaged_sessions * share) as engaged_sessions,
        sum(web_conversions * share) as web_conversions,
        sum(web_revenue * share) as web_revenue
    from owned
    group by
        activity_date,
        team_id
)

select * from final
