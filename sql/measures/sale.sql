-- Sales: orders, what they brought net of returns, and the customers won by them.
-- A return (a negative amount) lowers the revenue and is no order.
-- grain: activity_date, team_id
-- kind: periodic snapshot
-- measures:
--   orders: sum, count
--   sales_revenue: sum, money
--   new_customers: sum, count
-- Money is converted row by row at the rate of its day and rounded to six digits, half away from zero.
-- It is widened first: DuckDB keeps the product of two 18-digit decimals at 18 digits and overflows.
-- A month that was loaded without any order of a team is 0 for it, and not missing.
with sales as (
    select
        source,
        entity,
        owner_key,
        order_date as activity_date,
        is_new_customer,
        amount,
        currency_code
    from fct_sale
    where order_date >= :start and order_date < :end
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

loaded_months as (
    select distinct
        load_record.source,
        load_record.entity,
        dim_ownership.owner_key,
        load_record.slice_month as activity_date
    from load_record
    inner join dim_ownership
        on
            load_record.source = dim_ownership.source
            and load_record.entity = dim_ownership.entity
    where
        load_record.slice_month >= :start
        and load_record.slice_month < :end
        and load_record.source in (select fct_sale.source from fct_sale)
),

by_owner as (
    select
        sales.source,
        sales.entity,
        sales.owner_key,
        sales.activity_date,
        cast(sum(case when sales.amount >= 0 then 1 else 0 end) as decimal(24, 0)) as orders,
        cast(
            sum(cast(cast(sales.amount as decimal(20, 6)) * rates.rate as decimal(20, 6)))
            as decimal(24, 6)
        ) as sales_revenue,
        cast(
            sum(case when sales.amount >= 0 and sales.is_new_customer then 1 else 0 end)
            as decimal(24, 0)
        ) as new_customers
    from sales
    left join rates
        on
            sales.activity_date = rates.rate_date
            and sales.currency_code = rates.currency_code
    group by
        sales.source,
        sales.entity,
        sales.owner_key,
        sales.activity_date
    union all
    select
        source,
        entity,
        owner_key,
        activity_date,
        cast(0 as decimal(24, 0)) as orders,
        cast(0 as decimal(24, 6)) as sales_revenue,
        cast(0 as decimal(24, 0)) as new_customers
    from loaded_months
),

owned as (
    select
        by_owner.activity_date,
        coalesce(exact_key.team_id, rest.team_id, 'unassigned') as team_id,
        coalesce(exact_key.share, rest.share, cast(1 as decimal(5, 4))) as share,
        by_owner.orders,
        by_owner.sales_revenue,
        by_owner.new_customers
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
        sum(orders * share) as orders,
        sum(sales_revenue * share) as sales_revenue,
        sum(new_customers * share) as new_customers
    from owned
    group by
        activity_date,
        team_id
)

select * from final
