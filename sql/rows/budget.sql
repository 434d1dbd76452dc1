-- Budget, row by row: what each cost centre brings into the measures of its month.
-- grain: source, entity, activity_date, cost_centre
-- kind: periodic snapshot
-- Money is converted as in the measure: at the rate of its day, rounded to six digits.
with plans as (
    select
        source,
        entity,
        owner_key,
        cost_centre,
        month_date as activity_date,
        currency_code,
        budget,
        incremental_revenue,
        incremental_margin
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
        plans.cost_centre,
        plans.activity_date,
        plans.currency_code,
        rates.rate,
        plans.budget as budget_amount,
        cast(cast(plans.budget as decimal(20, 6)) * rates.rate as decimal(20, 6)) as budget,
        plans.incremental_revenue as incremental_revenue_amount,
        cast(
            cast(plans.incremental_revenue as decimal(20, 6)) * rates.rate as decimal(20, 6)
        ) as incremental_revenue,
        plans.incremental_margin as incremental_margin_amount,
        cast(
            cast(plans.incremental_margin as decimal(20, 6)) * rates.rate as decimal(20, 6)
        ) as incremental_margin
    from plans
    left join rates
        on
            plans.activity_date = rates.rate_date
            and plans.currency_code = rates.currency_code
)

select * from final
