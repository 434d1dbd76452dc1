-- The accounts that have amounts in another currency than the reporting one in the window.
-- The first CTE stands for the rows of every fact, under names that the headers in sql/schema/ give.
-- grain: source, entity
-- kind: check
with fact_rows as (
    select
        source,
        entity,
        currency_code,
        order_date as amount_date,
        amount is not null as has_amount,
        false as is_ignored
    from fct_sale
),

final as (
    select distinct
        fact_rows.source,
        fact_rows.entity
    from fact_rows
    left join dim_reporting_currency
        on fact_rows.currency_code = dim_reporting_currency.currency_code
    where
        fact_rows.amount_date >= :start
        and fact_rows.amount_date < :end
        and fact_rows.has_amount
        and not fact_rows.is_ignored
        and dim_reporting_currency.currency_code is null
)

select * from final
order by source, entity
