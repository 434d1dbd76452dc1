-- Mentions: how often people spoke of our brand, and of all brands in the market, ours included.
-- grain: source, entity, owner_key, activity_date
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

final as (
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
)

select * from final
