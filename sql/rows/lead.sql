-- Leads, row by row: a row for each stage that a lead reached, on the day it did; test leads never count.
-- grain: source, entity, lead_id, stage
-- kind: accumulating snapshot
-- Money is converted as in the measure: at the rate of its day, rounded to six digits.
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
    where not is_test
),

rates as (
    select
        rate_date,
        currency_code,
        rate
    from fct_fx_rate
    where rate_date >= :start and rate_date < :end
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

final as (
    select
        stages_reached.source,
        stages_reached.entity,
        stages_reached.owner_key,
        stages_reached.lead_id,
        stages_reached.stage,
        stages_reached.activity_date,
        stages_reached.currency_code,
        rates.rate,
        case when stages_reached.stage = 'created' then 1 end as leads,
        case when stages_reached.stage = 'mql' then 1 end as mqls,
        case when stages_reached.stage = 'sql' then 1 end as sqls,
        case when stages_reached.stage = 'mql_accepted' then 1 end as mqls_accepted,
        case when stages_reached.stage = 'won' then 1 end as deals_won,
        stages_reached.deal_amount as deal_amount_amount,
        cast(cast(stages_reached.deal_amount as decimal(20, 6)) * rates.rate as decimal(20, 6)) as deal_amount
    from stages_reached
    left join rates
        on
            stages_reached.activity_date = rates.rate_date
            and stages_reached.currency_code = rates.currency_code
)

select * from final
