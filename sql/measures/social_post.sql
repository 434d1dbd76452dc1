-- Posts by the day they were posted, with what each has reached since.
-- grain: source, entity, post_id
-- kind: accumulating snapshot
-- measures:
--   posts: sum, count, zero
--   post_impressions: sum, count, from impressions
--   post_reach: sum, count, from reach
--   post_engagements: sum, count, from engagements
--   reached_engagements: sum, count
--   followed_engagements: sum, count
-- reached_engagements are those of posts with a reach: only they may be divided by it.
-- followed_engagements are those of accounts with a figure of followers in the post's month.
-- A month that was loaded without any post of a team is 0 posts for it, and not missing.
with posts_made as (
    select
        slice_month,
        source,
        entity,
        owner_key,
        post_id,
        title,
        posted_date as activity_date,
        impressions,
        reach,
        engagements
    from fct_social_post
    where posted_date >= :start and posted_date < :end
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
        posts_made.post_id,
        posts_made.title,
        posts_made.activity_date,
        1 as posts,
        posts_made.impressions as post_impressions,
        posts_made.reach as post_reach,
        posts_made.engagements as post_engagements,
        case when posts_made.reach is not null then posts_made.engagements end as reached_engagements,
        case when followed_months.source is not null then posts_made.engagements end as followed_engagements
    from posts_made
    left join followed_months
        on
            posts_made.source = followed_months.source
            and posts_made.entity = followed_months.entity
            and posts_made.owner_key = followed_months.owner_key
            and posts_made.slice_month = followed_months.slice_month
)

select * from final
