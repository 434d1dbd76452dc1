-- The days on which slices of the months in the window have rows of owners that no team has.
-- Exchange rates (owner_key '*') belong to everybody; test leads to nobody.
-- The first CTE stands for the rows of every fact, under names that the headers in sql/schema/ give.
-- grain: source, entity, slice_month, owner_key, activity_date
-- kind: check
with fact_rows as (
    select
        source,
        entity,
        slice_month,
        owner_key,
        activity_date,
        false as is_ignored
    from fct_page_daily
),

owner_days as (
    select distinct
        source,
        entity,
        slice_month,
        owner_key,
        activity_date
    from fact_rows
    where slice_month >= :start and slice_month < :end and not is_ignored
),

ownership as (
    select distinct
        source,
        entity,
        owner_key,
        valid_from,
        valid_until
    from dim_ownership
),

final as (
    select distinct
        owner_days.source,
        owner_days.entity,
        owner_days.slice_month,
        owner_days.owner_key,
        owner_days.activity_date
    from owner_days
    left join ownership as exact_key
        on
            owner_days.source = exact_key.source
            and owner_days.entity = exact_key.entity
            and owner_days.owner_key = exact_key.owner_key
            and owner_days.activity_date >= exact_key.valid_from
            and owner_days.activity_date < exact_key.valid_until
    left join ownership as rest
        on
            owner_days.source = rest.source
            and owner_days.entity = rest.entity
            and rest.owner_key = '*'
            and owner_days.activity_date >= rest.valid_from
            and owner_days.activity_date < rest.valid_until
    where
        owner_days.owner_key <> '*'
        and exact_key.owner_key is null
        and rest.owner_key is null
)

select * from final
order by source, entity, slice_month, owner_key, activity_date
