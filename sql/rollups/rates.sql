-- The first and the last exchange rate of each currency in the window, for the card's evidence.
-- grain: currency_code
-- kind: periodic snapshot
with rates as (
    select
        source,
        rate_date,
        currency_code,
        rate
    from fct_fx_rate
    where rate_date >= :start and rate_date < :end
),

bounds as (
    select
        currency_code,
        min(rate_date) as first_date,
        max(rate_date) as last_date
    from rates
    group by currency_code
),

final as (
    select
        bounds.currency_code,
        max(case when rates.rate_date = bounds.first_date then rates.rate end) as first_rate,
        max(case when rates.rate_date = bounds.last_date then rates.rate end) as last_rate,
        max(case when rates.rate_date = bounds.last_date then rates.source end) as rate_source
    from bounds
    inner join rates
        on bounds.currency_code = rates.currency_code
    group by bounds.currency_code
)

select * from final
order by currency_code
