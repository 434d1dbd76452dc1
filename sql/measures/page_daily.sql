-- Pages: followers at the end of a day, and those who are new.
-- grain: activity_date, team_id
-- kind: periodic snapshot
-- measures:
--   followers: last, count, from followers
--   new_followers: sum, count, from new_followers
-- A team's followers of a day are those of all its pages. A page without a figure on that day counts
-- with its last earlier figure of the same month, so a page that lacks the month's last day is not
-- missing from the month's figure. A page without any figure yet in the month counts nothing.
with page_days as (
    select
        source,
        entity,
        owner_key,
        slice_month,
        activity_date,
        followers,
        new_followers
    from fct_page_daily
    where activity_date >= :start and activity_date < :end
),

ownership as (
    select
        source,
        entity,
        owner_key,
        team_id,
        share,
        valid_from,
        valid_until
    from dim_ownership
),

pages as (
    select distinct
        source,
        entity,
        owner_key
    from page_days
),

days as (
    select distinct activity_date
    from page_days
),

-- a page counts with its last figure on days on which it has no row, so its owner is needed on every day
pages_by_day as (
    select
        pages.source,
        pages.entity,
        pages.owner_key,
        days.activity_date
    from pages
    cross join days
),

owned_pages as (
    select
        pages_by_day.source,
        pages_by_day.entity,
        pages_by_day.owner_key,
        pages_by_day.activity_date,
        coalesce(exact_key.team_id, rest.team_id, 'unassigned') as team_id,
        coalesce(exact_key.share, rest.share, cast(1 as decimal(5, 4))) as share
    from pages_by_day
    left join ownership as exact_key
        on
            pages_by_day.source = exact_key.source
            and pages_by_day.entity = exact_key.entity
            and pages_by_day.owner_key = exact_key.owner_key
            and pages_by_day.activity_date >= exact_key.valid_from
            and pages_by_day.activity_date < exact_key.valid_until
    left join ownership as rest
        on
            pages_by_day.source = rest.source
            and pages_by_day.entity = rest.entity
            and rest.owner_key = '*'
            and pages_by_day.activity_date >= rest.valid_from
            and pages_by_day.activity_date < rest.valid_until
            and exact_key.team_id is null
),

team_days as (
    select
        owned_pages.team_id,
        page_days.slice_month,
        page_days.activity_date,
        sum(cast(page_days.new_followers as decimal(24, 0)) * owned_pages.share) as new_followers
    from page_days
    inner join owned_pages
        on
            page_days.source = owned_pages.source
            and page_days.entity = owned_pages.entity
            and page_days.owner_key = owned_pages.owner_key
            and page_days.activity_date = owned_pages.activity_date
    group by
        owned_pages.team_id,
        page_days.slice_month,
        page_days.activity_date
),

figures as (
    select
        source,
        entity,
        owner_key,
        slice_month,
        activity_date as first_date,
        lead(activity_date) over (
            partition by source, entity, owner_key, slice_month
            order by activity_date
        ) as next_date,
        cast(followers as decimal(24, 0)) as followers
    from page_days
    where followers is not null
),

follower_days as (
    select
        team_days.team_id,
        team_days.activity_date,
        sum(figures.followers * owned_pages.share) as followers
    from team_days
    inner join owned_pages
        on
            team_days.team_id = owned_pages.team_id
            and team_days.activity_date = owned_pages.activity_date
    inner join figures
        on
            owned_pages.source = figures.source
            and owned_pages.entity = figures.entity
            and owned_pages.owner_key = figures.owner_key
            and team_days.slice_month = figures.slice_month
            and team_days.activity_date >= figures.first_date
            and (figures.next_date is null or team_days.activity_date < figures.next_date)
    group by
        team_days.team_id,
        team_days.activity_date
),

final as (
    select
        team_days.activity_date,
        team_days.team_id,
        follower_days.followers,
        team_days.new_followers
    from team_days
    left join follower_days
        on
            team_days.team_id = follower_days.team_id
            and team_days.activity_date = follower_days.activity_date
)

select * from final
