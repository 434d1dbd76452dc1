-- What a web site had from unpaid results of a search engine, a row a day.
-- grain: source, entity, activity_date
-- kind: periodic snapshot
-- dated: activity_date
-- ahead: activity_date 366
create table fct_search_daily (
    source text not null,
    entity text not null,
    slice_month date not null,
    owner_key text not null,
    activity_date date not null,
    impressions bigint not null,
    clicks bigint not null
);
