-- Leads: each stage counts on the day it was reached; test leads never count.
-- A day on which any lead moved has a figure for every stage: 0 where none reached it.
-- grain: source, entity, owner_key, activity_date
-- kind: periodic snapshot
-- measures:
--   leads: sum, count
--   mqls: sum, count
--   sqls: sum, count
--   mqls_accepted: sum, count
--   deals_won: sum, count
--   deal_amount: sum, money
-- mqls_accepted are the leads of mqls, on the same day, that sales has accepted by now, whenever that was.
-- Money is converted row by row at the rate of its day and rounded to six digits, half away from zero.
-- It is widened first: DuckDB keeps the product of two 18-digit decimals at 18 digits and overflows.
-- A month that was loaded without any lead of a team is 0 for it, and not missing.
with leads as (
    select
        source,
        entity,
        owner_key,
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

rates as (
    select
        rate_date,
        currency_code,
        rate
    from fct_fx_rate
    where rate_date >= :start and rate_date < :end
),

loaded_months as (
    select distinct
        load_record.source,
        load_record.entity,
        dim_ownership.owner_key,
        load_record.slice_month as activity_date
    from load_record
    inner join dim_ownership
        on
            load_record.source = dim_ownership.source
            and load_record.entity = dim_ownership.entity
    where
        load_record.slice_month >= :start
        and load_record.slice_month < :end
        and load_record.source in (select fct_lead.source from fct_lead)
),

stages_reached as (
    select
        leads.source,
        leads.entity,
        leads.owner_key,
        leads.created_date as activity_date,
        'created' as stage,
        cast(0 as decimal(20, 6)) as amount
    from leads
    where leads.created_date >= :start and leads.created_date < :end
    union all
    select
        leads.source,
        leads.entity,
        leads.owner_key,
        leads.mql_date as activity_date,
        'mql' as stage,
        cast(0 as decimal(20, 6)) as amount
    from leads
    where leads.mql_date >= :start and leads.mql_date < :end
    union all
    select
        leads.source,
        leads.entity,
        leads.owner_key,
        leads.mql_date as activity_date,
        'mql_accepted' as stage,
        cast(0 as decimal(20, 6)) as amount
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
        leads.sql_date as activity_date,
        'sql' as stage,
        cast(0 as decimal(20, 6)) as amount
    from leads
    where leads.sql_date >= :start and leads.sql_date < :end
    union all
    select
        leads.source,
        leads.entity,
        leads.owner_key,
        leads.won_date as activity_date,
        'won' as stage,
        cast(cast(leads.deal_amount as decimal(20, 6)) * rates.rate as decimal(20, 6)) as amount
    from leads
    left join rates
        on
            leads.won_date = rates.rate_date
            and leads.currency_code = rates.currency_code
    where leads.won_date >= :start and leads.won_date < :end
    union all
    select
        source,
        entity,
        owner_key,
        activity_date,
        'none' as stage,
        cast(0 as decimal(20, 6)) as amount
    from loaded_months
),

final as (
    select
        stages_reached.source,
        stages_reached.entity,
        stages_reached.owner_key,
        stages_reached.activity_date,
        cast(sum(case when stages_reached.stage = 'created' then 1 else 0 end) as decimal(24, 0)) as leads,
        cast(sum(case when stages_reached.stage = 'mql' then 1 else 0 end) as decimal(24, 0)) as mqls,
        cast(sum(case when stages_reached.stage = 'sql' then 1 else 0 end) as decimal(24, 0)) as sqls,
        cast(
            sum(case when stages_reached.stage = 'mql_accepted' then 1 else 0 end) as decimal(24, 0)
        ) as mqls_accepted,
        cast(sum(case when stages_reached.stage = 'won' then 1 else 0 end) as decimal(24, 0)) as deals_won,
        cast(sum(stages_reached.amount) as decimal(24, 6)) as deal_amount
    from stages_reached
    group by
        stages_reached.source,
        stages_reached.entity,
        stages_reached.owner_key,
        stages_reached.activity_date
)

select * from final
