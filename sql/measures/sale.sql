-- Sales: orders, what they brought net of returns, and the customers won by them.
-- A return (a negative amount) lowers the revenue and is no order.
-- grain: source, entity, order_id
-- kind: transaction
-- measures:
--   orders: sum, count, zero
--   sales_revenue: sum, money, zero
--   new_customers: sum, count, zero, from new_customers
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
),

priced as (
    select
        sales.*,
        case
            when dim_reporting_currency.currency_code is null then rates.rate
            else cast(1 as decimal(18, 10))
        end as rate
    from sales
    left join rates
        on
            sales.activity_date = rates.rate_date
            and sales.currency_code = rates.currency_code
    left join dim_reporting_currency
        on sales.currency_code = dim_reporting_currency.currency_code
),

final as (
    select
        priced.source,
        priced.entity,
        priced.owner_key,
        priced.order_id,
        priced.country_code,
        priced.activity_date,
        priced.currency_code,
        priced.rate,
        case when priced.amount >= 0 then 1 else 0 end as orders,
        case when priced.amount >= 0 and priced.is_new_customer then 1 else 0 end as new_customers,
        priced.amount as sales_revenue_amount,
        round(cast(priced.amount as decimal(19, 6)) * priced.rate, 6) as sales_revenue
    from priced
)

select * from final
