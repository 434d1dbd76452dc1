-- Leads: each stage counts on the day it was reached; test leads never count.
-- A day on which any lead moved has a figure for every stage: 0 where none reached it.
-- grain: activity_date, team_id
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

ownership as (
    select
        source,
        entity,
        owner_key,
        team_id,
        share
    from dim_ownership
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

by_owner as (
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
    union all
    select
        source,
        entity,
        owner_key,
        activity_date,
        cast(0 as decimal(24, 0)) as leads,
        cast(0 as decimal(24, 0)) as mqls,
        cast(0 as decimal(24, 0)) as sqls,
        cast(0 as decimal(24, 0)) as mqls_accepted,
        cast(0 as decimal(24, 0)) as deals_won,
        cast(0 as decimal(24, 6)) as deal_amount
    from loaded_months
),

owned as (
    select
        by_owner.activity_date,
        coalesce(exact_key.team_id, rest.team_id, 'unassigned') as team_id,
        coalesce(exact_key.share, rest.share, cast(1 as decimal(5, 4))) as share,
        by_owner.leads,
        by_owner.mqls,
        by_owner.sqls,
        by_owner.mqls_accepted,
        by_owner.deals_won,
        by_owner.deal_amount
    from by_owner
    left join ownership as exact_key
        on
            by_owner.source = exact_key.source
            and by_owner.entity = exact_key.entity
            and by_owner.owner_key = exact_key.owner_key
    left join ownership as rest
        on
            by_owner.source = rest.source
            and by_owner.entity = rest.entity
            and rest.owner_key = '*'
            and exact_key.team_id is null
),

final as (
    select
        activity_date,
        team_id,
        sum(leads * share) as leads,
        sum(mqls * share) as mqls,
        sum(sqls * share) as sqls,
        sum(mqls_accepted * share) as mqls_accepted,
        sum(deals_won * share) as deals_won,
        sum(deal_amount * share) as deal_amount
    from owned
    group by
        activity_date,
        team_id
)

select * from final
