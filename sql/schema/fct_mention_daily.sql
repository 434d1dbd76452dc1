-- How often people spoke of our brand and of all brands in the market, ours included, a row a day and topic.
-- grain: source, entity, activity_date, topic
-- kind: periodic snapshot
-- dated: activity_date
-- ahead: activity_date 366
create table fct_mention_daily (
    source text not null,
    entity text not null,
    slice_month date not null,
    owner_key text not null,
    activity_date date not null,
    topic text not null,
    own_mentions bigint,
    market_mentions bigint
);
