-- What a mailing to many has brought so far, a row a mailing, dated by the day it was sent.
-- grain: source, entity, mailing_id
-- kind: accumulating snapshot
-- dated: sent_date
-- ahead: sent_date 366
-- amounts: revenue
create table fct_mailing (
    source text not null,
    entity text not null,
    slice_month date not null,
    owner_key text not null,
    sent_date date not null,
    mailing_id text not null,
    title text not null,
    currency_code text not null,
    recipients bigint not null,
    delivered bigint not null,
    openers bigint,
    clickers bigint,
    unsubscribes bigint,
    orders bigint,
    revenue decimal(18, 6)
);
