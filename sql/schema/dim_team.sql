-- Every team that has an issued card, as its newest issue says: issue_id. Nobody's name is here.
-- grain: team_id
-- kind: dimension
-- from: ledger
create table dim_team (
    team_id text not null,
    name_en text not null,
    name_zh_cn text not null,
    organisation_en text not null,
    organisation_zh_cn text not null,
    currency_code text not null,
    issue_id bigint not null,
    primary key (team_id)
);
