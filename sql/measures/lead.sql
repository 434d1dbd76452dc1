-- Leads: each stage counts on the day it was reached; test leads never count.
-- A day on which any lead moved has a figure for every stage: 0 where none reached it.
-- grain: source, entity, lead_id, stage
-- kind: accumulating snapshot
-- measures:
--   leads: sum, count, zero
--   mqls: sum, count, zero, from mql_date
--   sqls: sum, count, zero, from sql_date
--   mqls_accepted: sum, count, zero, of mqls, from mql_date, from sql_date
--   deals_won: sum, count, zero, from won_date
--   deal_amount: sum, money, zero, from won_date, from deal_amount
-- mqls_accepted are the leads of mqls, on the same day, that sales has accepted by now, whenever that was.
-- Money is converted row by row at the rate of its day and rounded to six digits, half away from zero.
-- An amount in the reporting currency needs no rate.
-- It is widened first: DuckDB keeps the product of two 18-digit decimals at 18 digits and overflows.
-- A month that was loaded without any lead of a team is 0 for it, and not missing.
with leads as (
    select
        source,
        entity,
        owner_key,
        lead_id,
        created_date,
        mql_date,
        sql_date,
        won_date,
        deal_amount,
        currency_code
    from fct_lead
    where
        not is_test
        and (
            (created_date >= :start and created_date < :end)
            or (mql_date >= :start and mql_date < :end)
            or (sql_date >= :start and sql_date < :end)
            or (won_date >= :start and won_date < :end)
        )
),

stages_reached as (
    select
        leads.source,
        leads.entity,
        leads.owner_key,
        leads.lead_id,
        leads.created_date as activity_date,
        'created' as stage,
        cast(null as text) as currency_code,
        cast(null as decimal(18, 6)) as deal_amount
    from leads
    where leads.created_date >= :start and leads.created_date < :end
    union all
    select
        leads.source,
        leads.entity,
        leads.owner_key,
        leads.lead_id,
        leads.mql_date as activity_date,
        'mql' as stage,
        cast(null as text) as currency_code,
        cast(null as decimal(18, 6)) as deal_amount
    from leads
    where leads.mql_date >= :start and leads.mql_date < :end
    union all
    select
        leads.source,
        leads.entity,
        leads.owner_key,
        leads.lead_id,
        leads.mql_date as activity_date,
        'mql_accepted' as stage,
        cast(null as text) as currency_code,
        cast(null as decimal(18, 6)) as deal_amount
    from leads
    where
        leads.mql_date >= :start
        and leads.mql_date < :end
        and leads.sql_date is not null
    union all
    select
        leads.source,
        leads.entity,
        leads.owner_key,
        leads.lead_id,
        leads.sql_date as activity_date,
        'sql' as stage,
        cast(null as text) as currency_code,
        cast(null as decimal(18, 6)) as deal_amount
    from leads
    where leads.sql_date >= :start and leads.sql_date < :end
    union all
    select
        leads.source,
        leads.entity,
        leads.owner_key,
        leads.lead_id,
        leads.won_date as activity_date,
        'won' as stage,
        leads.currency_code,
        leads.deal_amount
    from leads
    where leads.won_date >= :start and leads.won_date < :end
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
        stages_reached.*,
        case
            when dim_reporting_currency.currency_code is null then rates.rate
            else cast(1 as decimal(18, 10))
        end as rate
    from stages_reached
    left join rates
        on
            stages_reached.activity_date = rates.rate_date
            and stages_reached.currency_code = rates.currency_code
    left join dim_reporting_currency
        on stages_reached.currency_code = dim_reporting_currency.currency_code
),

final as (
    select
        priced.source,
        priced.entity,
        priced.owner_key,
        priced.lead_id,
        priced.stage,
        priced.activity_date,
        priced.currency_code,
        priced.rate,
        case when priced.stage = 'created' then 1 else 0 end as leads,
        case when priced.stage = 'mql' then 1 else 0 end as mqls,
        case when priced.stage = 'sql' then 1 else 0 end as sqls,
        case when priced.stage = 'mql_accepted' then 1 else 0 end as mqls_accepted,
        case when priced.stage = 'won' then 1 else 0 end as deals_won,
        priced.deal_amount as deal_amount_amount,
        case
            when priced.stage = 'won'
                then round(cast(priced.deal_amount as decimal(19, 6)) * priced.rate, 6)
            else 0
        end as deal_amount
    from priced
)

select * from final
