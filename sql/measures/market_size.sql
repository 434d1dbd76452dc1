-- Market size: one figure a month and segment, dated the first of the month.
-- grain: activity_date, team_id
-- kind: periodic snapshot
-- measures:
--   market_size: period, money
-- Money is converted row by row at the rate of its day and rounded to six digits, half away from zero.
-- It is widened first: DuckDB keeps the product of two 18-digit decimals at 18 digits and overflows.
with segments as (
    select
        source,
        entity,
        owner_key,
        month_date as activity_date,
        market_size,
        currency_code
    from fct_market_size
    where month_date >= :start and month_date < :end
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
        segments.source,
        segments.entity,
        segments.owner_key,
        segments.activity_date,
        cast(
            sum(cast(cast(segments.market_size as decimal(20, 6)) * rates.rate as decimal(20, 6)))
            as decimal(24, 6)
        ) as market_size
    from segments
    left join rates
        on
            segments.activity_date = rates.rate_date
            and segments.currency_code = rates.currency_code
    group by
        segments.source,
        segments.entity,
        segments.owner_key,
        segments.activity_date
),

owned as (
    select
        by_owner.activity_date,
        coalesce(exact_key.team_id, rest.team_id, 'unassigned') as team_id,
        coalesce(exact_key.share, rest.share, cast(1 as decimal(5, 4))) as share,
        by_owner.market_size
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
        sum(market_size * share) as market_size
    from owned
    group by
        activity_date,
        team_id
)

select * from final
