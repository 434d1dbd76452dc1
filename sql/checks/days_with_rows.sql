-- The days on which each slice of the months in the window has rows, fact by fact.
-- The first CTE stands for the rows of every fact, under names that the headers in sql/schema/ give.
-- grain: fact, source, entity, slice_month, activity_date
-- kind: check
with fact_rows as (
    select
        'fct_page_daily' as fact,
        source,
        entity,
        slice_month,
        activity_date
    from fct_page_daily
),

final as (
    select distinct
        fact,
        source,
        entity,
        slice_month,
        activity_date
    from fact_rows
    where slice_month >= :start and slice_month < :end
)

select * from final
order by fact, source, entity, slice_month, activity_date
