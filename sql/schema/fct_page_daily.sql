-- How many follow a page at the end of a day, and how many are new, a row a day.
-- grain: source, entity, activity_date
-- kind: periodic snapshot
-- dated: activity_date
-- ahead: activity_date 366
create table fct_page_daily (
    source text not null,
    entity text not null,
    slice_month date not null,
    owner_key text not null,
    activity_date date not null,
    followers bigint,
    new_followers bigint
);
