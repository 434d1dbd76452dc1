-- Posts by the day they were posted, with what each has reached since.
-- grain: source, entity, owner_key, activity_date
-- kind: periodic snapshot
-- measures:
--   posts: sum, count
--   post_impressions: sum, count
--   post_reach: sum, count
--   post_engagements: sum, count
--   reached_engagements: sum, count
--   followed_engagements: sum, count
-- reached_engagements are those of posts with a reach: only they may be divided by it.
-- followed_engagements are those of accounts with a figure of followers in the post's month.
-- A month that was loaded without any post of a team is 0 posts for it, and not missing.
with loaded_months as (
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
        and load_record.source in (select fct_social_post.source from fct_social_post)
),

posts_made as (
    select
        source,
        entity,
        owner_key,
        slice_month,
        posted_date as activity_date,
        1 as posts,
        impressions,
        reach,
        engagements
    from fct_social_post
    where posted_date >= :start and posted_date < :end
    union all
    select
        source,
        entity,
        owner_key,
        activity_date as slice_month,
        activity_date,
        0 as posts,
        null as impressions,
        null as reach,
        null as engagements
    from loaded_months
),

followed_months as (
    select distinct
        source,
        entity,
        owner_key,
        slice_month
    from fct_page_daily
    where
        activity_date >= :start
        and activity_date < :end
        and followers is not null
),

final as (
    select
        posts_made.source,
        posts_made.entity,
        posts_made.owner_key,
        posts_made.activity_date,
        cast(sum(posts_made.posts) as decimal(24, 0)) as posts,
        cast(sum(posts_made.impressions) as decimal(24, 0)) as post_impressions,
        cast(sum(posts_made.reach) as decimal(24, 0)) as post_reach,
        cast(sum(posts_made.engagements) as decimal(24, 0)) as post_engagements,
        cast(
            sum(case when posts_made.reach is not null then posts_made.engagements end) as decimal(24, 0)
        ) as reached_engagements,
        cast(
            sum(case when followed_months.source is not null then posts_made.engagements end)
            as decimal(24, 0)
        ) as followed_engagements
    from posts_made
    left join followed_months
        on
            posts_made.source = followed_months.source
            and posts_made.entity = followed_months.entity
            and posts_made.owner_key = followed_months.owner_key
            and posts_made.slice_month = followed_months.slice_month
    group by
        posts_made.source,
        posts_made.entity,
        posts_made.owner_key,
        posts_made.activity_date
)

select * from final
