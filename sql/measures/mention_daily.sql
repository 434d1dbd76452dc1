-- Mentions: how often people spoke of our brand, and of all brands in the market, ours included.
-- grain: activity_date, team_id
-- kind: periodic snapshot
-- measures:
--   own_mentions: sum, count
--   market_mentions: sum, count
with mentions as (
    select
        source,
        entity,
        owner_key,
        activity_date,
        own_mentions,
        market_mentions
    from fct_mention_daily
    where activity_date >= :start and activity_date < :end
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

by_owner as (
    select
        mentions.source,
        mentions.entity,
        mentions.owner_key,
        mentions.activity_date,
        cast(sum(mentions.own_mentions) as decimal(24, 0)) as own_mentions,
        cast(sum(mentions.market_mentions) as decimal(24, 0)) as market_mentions
    from mentions
    group by
        mentions.source,
        mentions.entity,
        mentions.owner_key,
        mentions.activity_date
),

owned as (
    select
        by_owner.activity_date,
        coalesce(exact_key.team_id, rest.team_id, 'unassigned') as team_id,
        coalesce(exact_key.share, rest.share, cast(1 as decimal(5, 4))) as share,
        by_owner.own_mentions,
        by_owner.market_mentions
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
        sum(own_mentions * share) as own_mentions,
        sum(market_mentions * share) as market_mentions
    from owned
    group by
        activity_date,
        team_id
)

select * from final
