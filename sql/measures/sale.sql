-- Sales: orders, what they brought net of returns, and the customers won by them.
-- A return (a negative amount) lowers the revenue and is no order.
-- grain: source, entity, order_id
-- kind: transaction
-- measures:
--   orders: sum, count, zero
--   sales_revenue: sum, money, zero
--   new_customers: sum, count, zero
-- Money is converted row by row at the rate of its day and rounded to six digits, half away from zero.
-- An amount in the reporting currency needs no rate.
-- It is widened first: DuckDB keeps the product of two 18-digit decimals at 18 digits and overflows.
-- A month that was loaded without any order of a team is 0 for it, and not missing.
with sales as (
    select
        source,
        entity,
        owner_key,
        order_id,
        country_code,
        order_date as activity_date,
        currency_code,
        is_new_customer,
        amount
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
    union distinct
    select
        sales.activity_date as rate_date,
        sales.currency_code,
        cast(1 as decimal(18, 10)) as rate
    from sales
    inner join dim_reporting_currency
        on sales.currency_code = dim_reporting_currency.currency_code
),

final as (
    select
        sales.source,
        sales.entity,
        sales.owner_key,
        sales.order_id,
        sales.country_code,
        sales.activity_date,
        sales.currency_code,
        rates.rate,
        case when sales.amount >= 0 then 1 else 0 end as orders,
        case when sales.amount >= 0 and sales.is_new_customer then 1 else 0 end as new_customers,
        sales.amount as sales_revenue_amount,
        cast(cast(sales.amount as decimal(20, 6)) * rates.rate as decimal(20, 6)) as sales_revenue
    from sales
    left join rates
        on
            sales.activity_date = rates.rate_date
            and sales.currency_code = rates.currency_code
)

select * from final
