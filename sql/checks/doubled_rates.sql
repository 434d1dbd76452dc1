-- Currencies with more than one rate for a day of the window, which would count money twice.
-- grain: currency_code, rate_date
-- kind: check
with rates as (
    select
        source,
        entity,
        rate_date,
        currency_code
    from fct_fx_rate
    where rate_date >= :start and rate_date < :end
),

final as (
    select
        currency_code,
        rate_date,
        min(source) as first_source,
        min(entity) as first_entity,
        max(source) as last_source,
        max(entity) as last_entity
    from rates
    group by
        currency_code,
        rate_date
    having count(*) > 1
)

select * from final
order by rate_date, currency_code
