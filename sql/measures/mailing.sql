-- Mailings by the day they were sent, with what each has brought since.
-- grain: source, entity, mailing_id
-- kind: accumulating snapshot
-- measures:
--   mailings: sum, count, zero
--   mail_recipients: sum, count
--   mail_delivered: sum, count, of mail_recipients
--   mail_openers: sum, count, of mail_delivered, from openers
--   mail_clickers: sum, count, of mail_delivered, from clickers
--   mail_unsubscribes: sum, count, of mail_delivered, from unsubscribes
--   mail_orders: sum, count, from orders
--   mail_revenue: sum, money, from revenue
-- A person counts once for each mailing opened, clicked or unsubscribed from, and again for the next one.
-- Money is converted row by row at the rate of its day and rounded to six digits, half away from zero.
-- An amount in the reporting currency needs no rate.
-- It is widened first: DuckDB keeps the product of two 18-digit decimals at 18 digits and overflows.
-- A month that was loaded without any mailing of a team is 0 mailings for it, and not missing.
with sent as (
    select
        source,
        entity,
        owner_key,
        mailing_id,
        title,
        sent_date as activity_date,
        currency_code,
        recipients,
        delivered,
        openers,
        clickers,
        unsubscribes,
        orders,
        revenue
    from fct_mailing
    where sent_date >= :start and sent_date < :end
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
        sent.*,
        case
            when dim_reporting_currency.currency_code is null then rates.rate
            else cast(1 as decimal(18, 10))
        end as rate
    from sent
    left join rates
        on
            sent.activity_date = rates.rate_date
            and sent.currency_code = rates.currency_code
    left join dim_reporting_currency
        on sent.currency_code = dim_reporting_currency.currency_code
),

final as (
    select
        priced.source,
        priced.entity,
        priced.owner_key,
        priced.mailing_id,
        priced.title,
        priced.activity_date,
        priced.currency_code,
        priced.rate,
        1 as mailings,
        priced.recipients as mail_recipients,
        priced.delivered as mail_delivered,
        priced.openers as mail_openers,
        priced.clickers as mail_clickers,
        priced.unsubscribes as mail_unsubscribes,
        priced.orders as mail_orders,
        priced.revenue as mail_revenue_amount,
        round(cast(priced.revenue as decimal(19, 6)) * priced.rate, 6) as mail_revenue
    from priced
)

select * from final
