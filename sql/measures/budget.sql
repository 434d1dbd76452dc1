-- Budget: what may be spent, and what controlling finds that marketing brought; dated the first of the month.
-- incremental_margin is the contribution margin in incremental_revenue. A month not closed yet has neither.
-- grain: source, entity, activity_date, cost_centre
-- kind: periodic snapshot
-- measures:
--   budget: period, money
--   incremental_revenue: period, money, from incremental_revenue
--   incremental_margin: period, money, from incremental_margin
-- Money is converted row by row at the rate of its day and rounded to six digits, half away from zero.
-- An amount in the reporting currency needs no rate.
-- It is widened first: DuckDB keeps the product of two 18-digit decimals at 18 digits and overflows.
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

priced as (
    select
        plans.*,
        case
            when dim_reporting_currency.currency_code is null then rates.rate
            else cast(1 as decimal(18, 10))
        end as rate
    from plans
    left join rates
        on
            plans.activity_date = rates.rate_date
            and plans.currency_code = rates.currency_code
    left join dim_reporting_currency
        on plans.currency_code = dim_reporting_currency.currency_code
),

final as (
    select
        priced.source,
        priced.entity,
        priced.owner_key,
        priced.cost_centre,
        priced.activity_date,
        priced.currency_code,
        priced.rate,
        priced.budget as budget_amount,
        round(cast(priced.budget as decimal(19, 6)) * priced.rate, 6) as budget,
        priced.incremental_revenue as incremental_revenue_amount,
        round(cast(priced.incremental_revenue as decimal(19, 6)) * priced.rate, 6) as incremental_revenue,
        priced.incremental_margin as incremental_margin_amount,
        round(cast(priced.incremental_margin as decimal(19, 6)) * priced.rate, 6) as incremental_margin
    from priced
)

select * from final
