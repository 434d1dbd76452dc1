-- The owner keys that the slices of the window have rows of. Exchange rates belong to everybody.
-- The first CTE stands for the rows of every fact, under names that the headers in sql/schema/ give.
-- grain: source, entity, owner_key
-- kind: check
with fact_rows as (
    select
        source,
        entity,
        slice_month,
        owner_key,
        false as is_everybodys
    from fct_page_daily
),

final as (
    select distinct
        source,
        entity,
        owner_key
    from fact_rows
    where
        slice_month >= :start
        and slice_month < :end
        and not is_everybodys
)

select * from final
order by source, entity, owner_key
