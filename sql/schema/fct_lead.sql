-- How far a lead has come, a row a lead; a later load fills in the later dates.
-- The slice is the month in which the lead was created.
-- grain: source, entity, lead_id
-- kind: accumulating snapshot
-- dated: created_date
-- ahead: created_date 2, mql_date 2, sql_date 2, won_date 366
-- amounts: deal_amount
-- converted: won_date
-- ignored: is_test
create table fct_lead (
    source text not null,
    entity text not null,
    slice_month date not null,
    owner_key text not null,
    lead_id text not null,
    created_date date not null,
    mql_date date,
    sql_date date,
    won_date date,
    deal_amount decimal(18, 6),
    currency_code text,
    is_test boolean not null
);
