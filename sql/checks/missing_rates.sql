-- Amounts in the window that cannot be converted: no rate for their currency on their day. One in the
-- reporting currency needs none.
-- The first CTE stands for the rows of every fact, under names that the headers in sql/schema/ give.
-- grain: fact, source, entity, currency_code, activity_date
-- kind: check
with fact_rows as (
    select
        'fct_sale' as fact,
        source,
        entity,
        currency_code,
        order_date as amount_date,
        amount is not null as has_amount,
        false as is_ignored
    from fct_sale
),

amounts as (
    select
        fact,
        source,
        entity,
        coalesce(currency_code, '') as currency_code,
        amount_date as activity_date
    from fact_rows
    where
        amount_date >= :start
        and amount_date < :end
        and has_amount
        and not is_ignored
),

rates as (
    select
        rate_date,
        currency_code
    from fct_fx_rate
    where rate_date >= :start and rate_date < :end
),

needed as (
    select distinct
        fact,
        source,
        entity,
        currency_code,
        activity_date
    from amounts
),

final as (
    select
        needed.fact,
        needed.source,
        needed.entity,
        needed.currency_code,
        needed.activity_date
    from needed
    left join rates
        on
            needed.activity_date = rates.rate_date
            and needed.currency_code = rates.currency_code
    left join dim_reporting_currency
        on needed.currency_code = dim_reporting_currency.currency_code
    where
        rates.rate_date is null
        and dim_reporting_currency.currency_code is null
)

select * from final
order by activity_date, currency_code, source, entity, fact
