-- Mentions: how often people spoke of our brand, and of all brands in the market, ours included.
-- grain: source, entity, activity_date, topic
-- kind: periodic snapshot
-- measures:
--   own_mentions: sum, count, of market_mentions, from own_mentions
--   market_mentions: sum, count, from market_mentions
with mentions as (
    select
        source,
        entity,
        owner_key,
        topic,
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
        mentions.topic,
        mentions.activity_date,
        mentions.own_mentions,
        mentions.market_mentions
    from mentions
)

select * from final
