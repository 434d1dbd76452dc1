-- Budget: what may be spent, and what controlling finds that marketing brought; dated the first of the month.
-- incremental_margin is the contribution margin in incremental_revenue. A month not closed yet has neither.
-- grain: source, entity, owner_key, activity_date
-- kind: periodic snapshot
-- measures:
--   budget: period, money
--   incremental_revenue: period, money
--   incremental_margin: period, money
-- Money is converted row by row at the rate of its day and rounded to six digits, half away from zero.
-- It is widened first: DuckDB keeps the product of two 18-digit decimals at 18 digits and overflows.
with plans as (
    select
        source,
        entity,
        owner_key,
        month_date as activity_date,
        budget,
        incremental_revenue,
        incremental_margin,
        currency_code
    from fct_budget
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

final as (
    select
        plans.source,
        plans.entity,
        plans.owner_key,
        plans.activity_date,
        cast(
            sum(cast(cast(plans.budget as decimal(20, 6)) * rates.rate as decimal(20, 6)))
            as decimal(24, 6)
        ) as budget,
        cast(
            sum(cast(cast(plans.incremental_revenue as decimal(20, 6)) * rates.rate as decimal(20, 6)))
            as decimal(24, 6)
        ) as incremental_revenue,
        cast(
            sum(cast(cast(plans.incremental_margin as decimal(20, 6)) * rates.rate as decimal(20, 6)))
            as decimal(24, 6)
        ) as incremental_margin
    from plans
    left join rates
        on
            plans.activity_date = rates.rate_date
            and plans.currency_code = rates.currency_code
    group by
        plans.source,
        plans.entity,
        plans.owner_key,
        plans.activity_date
)

select * from final
