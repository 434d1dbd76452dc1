-- Amounts in the window that cannot be converted: no rate for their currency on their day.
-- grain: source, entity, currency_code, activity_date
-- kind: check
with amounts as (
    select
        source,
        entity,
        coalesce(currency_code, '') as currency_code,
        activity_date
    from fct_ad_daily
    where
        activity_date >= :start
        and activity_date < :end
        and (spend is not null or conversion_value is not null)
    union all
    select
        source,
        entity,
        coalesce(currency_code, '') as currency_code,
        activity_date
    from fct_web_daily
    where
        activity_date >= :start
        and activity_date < :end
        and revenue is not null
    union all
    select
        source,
        entity,
        coalesce(currency_code, '') as currency_code,
        won_date as activity_date
    from fct_lead
    where
        won_date >= :start
        and won_date < :end
        and deal_amount is not null
        and not is_test
    union all
    select
        source,
        entity,
        coalesce(currency_code, '') as currency_code,
        order_date as activity_date
    from fct_sale
    where
        order_date >= :start
        and order_date < :end
    union all
    select
        source,
        entity,
        coalesce(currency_code, '') as currency_code,
        month_date as activity_date
    from fct_market_size
    where
        month_date >= :start
        and month_date < :end
    union all
    select
        source,
        entity,
        coalesce(currency_code, '') as currency_code,
        month_date as activity_date
    from fct_budget
    where
        month_date >= :start
        and month_date < :end
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
        source,
        entity,
        currency_code,
        activity_date
    from amounts
),

final as (
    select
        needed.source,
        needed.entity,
        needed.currency_code,
        needed.activity_date
    from needed
    left join rates
        on
            needed.activity_date = rates.rate_date
            and needed.currency_code = rates.currency_code
    where rates.rate_date is null
)

select * from final
order by activity_date, currency_code, source, entity
