-- Pages, row by row: the figures of each page and day. Followers are no sum of these rows: of a day they are
-- each page's last figure of the month so far, which the caller picks.
-- grain: source, entity, activity_date
-- kind: periodic snapshot
with page_days as (
    select
        source,
        entity,
        owner_key,
        activity_date,
        followers,
        new_followers
    from fct_page_daily
    where activity_date >= :start and activity_date < :end
),

final as (
    select
        page_days.source,
        page_days.entity,
        page_days.owner_key,
        page_days.activity_date,
        page_days.followers,
        page_days.new_followers
    from page_days
)

select * from final
