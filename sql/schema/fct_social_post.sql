-- What a post reached over its life so far, a row a post, dated by the day it was posted.
-- grain: source, entity, post_id
-- kind: accumulating snapshot
-- dated: posted_date
-- ahead: posted_date 366
create table fct_social_post (
    source text not null,
    entity text not null,
    slice_month date not null,
    owner_key text not null,
    posted_date date not null,
    post_id text not null,
    title text not null,
    impressions bigint,
    reach bigint,
    engagements bigint
);
