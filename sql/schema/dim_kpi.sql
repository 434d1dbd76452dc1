-- Every KPI that an issued card has, as the newest issue with it says: issue_id. Texts in both languages.
-- grain: kpi_id
-- kind: dimension
-- from: ledger
create table dim_kpi (
    kpi_id text not null,
    area_id text not null,
    name_en text not null,
    name_zh_cn text not null,
    area_name_en text not null,
    area_name_zh_cn text not null,
    unit text not null,
    decimals integer not null,
    direction text not null,
    formula text not null,
    issue_id bigint not null,
    primary key (kpi_id)
);
