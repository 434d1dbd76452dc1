-- Which days of each slice of the month that starts at :start have rows of which owner, and whether
-- any team owns them. Exchange rates (owner_key '*') belong to everybody; test leads to nobody.
-- The first CTE stands for the rows of every fact, under names that the headers in sql/schema/ give.
-- grain: source, entity, owner_key, activity_date
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
        owner_key,
        activity_date
    from fact_rows
    where slice_month = :start and not is_ignored
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
        owner_days.owner_key,
        owner_days.activity_date,
        case
            when owner_days.owner_key = '*' then 1
            when exact_key.owner_key is not null then 1
            when rest.owner_key is not null then 1
            else 0
        end as is_owned
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
)

select * from final
order by source, entity, owner_key, activity_date
