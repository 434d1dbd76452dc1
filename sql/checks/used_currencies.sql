-- The currencies of the amounts in the window.
-- The first CTE stands for the rows of every fact, under names that the headers in sql/schema/ give.
-- grain: currency_code
-- kind: check
with fact_rows as (
    select
        currency_code,
        order_date as amount_date,
        amount is not null as has_amount,
        false as is_ignored
    from fct_sale
),

final as (
    select distinct currency_code
    from fact_rows
    where
        amount_date >= :start
        and amount_date < :end
        and has_amount
        and not is_ignored
        and currency_code is not null
)

select * from final
order by currency_code
