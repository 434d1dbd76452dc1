-- What an advertising account showed, sold and cost, a row a day and ad group.
-- grain: source, entity, activity_date, campaign_id, ad_group_id
-- kind: periodic snapshot
-- dated: activity_date
-- ahead: activity_date 366
-- amounts: spend, conversion_value
-- part: campaign_id
create table fct_ad_daily (
    source text not null,
    entity text not null,
    slice_month date not null,
    owner_key text not null,
    activity_date date not null,
    campaign_id text not null,
    campaign_name text not null,
    ad_group_id text not null,
    ad_group_name text not null,
    currency_code text not null,
    impressions bigint,
    clicks bigint,
    spend decimal(18, 6),
    conversions decimal(18, 6),
    conversion_value decimal(18, 6)
);
