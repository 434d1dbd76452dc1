-- Sales: orders, what they brought net of returns, and the customers won by them.
-- A return (a negative amount) lowers the revenue and is no order.
-- grain: source, entity, owner_key, activity_date
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

sales_and_none as (
    select
        sales.source,
        sales.entity,
        sales.owner_key,
        sales.activity_date,
        case when sales.amount >= 0 then 1 else 0 end as orders,
        cast(cast(sales.amount as decimal(20, 6)) * rates.rate as decimal(20, 6)) as sales_revenue,
        case when sales.amount >= 0 and sales.is_new_customer then 1 else 0 end as new_customers
    from sales
    left join rates
        on
            sales.activity_date = rates.rate_date
            and sales.currency_code = rates.currency_code
    union all
    select
        source,
        entity,
        owner_key,
        activity_date,
        0 as orders,
        cast(0 as decimal(20, 6)) as sales_revenue,
        0 as new_customers
    from loaded_months
),

final as (
    select
        source,
        entity,
        owner_key,
        activity_date,
        cast(sum(orders) as decimal(24, 0)) as orders,
        cast(sum(sales_revenue) as decimal(24, 6)) as sales_revenue,
        cast(sum(new_customers) as decimal(24, 0)) as new_customers
    from sales_and_none
    group by
        source,
        entity,
        owner_key,
        activity_date
)

select * from final
