-- What a web site's visits brought, a row a day and channel.
-- grain: source, entity, activity_date, channel
-- kind: periodic snapshot
-- dated: activity_date
-- ahead: activity_date 366
-- amounts: revenue
create table fct_web_daily (
    source text not null,
    entity text not null,
    slice_month date not null,
    owner_key text not null,
    activity_date date not null,
    channel text not null,
    currency_code text not null,
    sessions bigint,
    engaged_sessions bigint,
    conversions decimal(18, 6),
    revenue decimal(18, 6)
);
