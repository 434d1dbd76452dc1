-- Days of the window whose rates are not to the reporting currency, which then has the rate 1.
-- grain: rate_date, source, entity
-- kind: check
with rates as (
    select
        source,
        entity,
        rate_date,
        currency_code,
        rate
    from fct_fx_rate
    where rate_date >= :start and rate_date < :end
),

final as (
    select
        rates.source,
        rates.entity,
        rates.rate_date
    from rates
    left join dim_reporting_currency
        on
            rates.currency_code = dim_reporting_currency.currency_code
            and rates.rate = 1
    group by
        rates.source,
        rates.entity,
        rates.rate_date
    having count(dim_reporting_currency.currency_code) = 0
)

select * from final
order by rate_date, source, entity
