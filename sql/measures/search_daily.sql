-- Unpaid results of search engines, by day.
-- grain: source, entity, activity_date
-- kind: periodic snapshot
-- measures:
--   search_impressions: sum, count
--   search_clicks: sum, count, of search_impressions
with final as (
    select
        source,
        entity,
        owner_key,
        activity_date,
        impressions as search_impressions,
        clicks as search_clicks
    from fct_search_daily
    where activity_date >= :start and activity_date < :end
)

select * from final
