-- Which team owns which part of an account, and how much of it: '*' is the rest of the account,
-- an exact key beats it, and on every day the shares of one key add up to 1. A row holds from valid_from
-- until the day before valid_until.
-- grain: source, entity, owner_key, team_id, valid_from
-- kind: dimension
create table dim_ownership (
    source text not null,
    entity text not null,
    owner_key text not null,
    team_id text not null,
    share decimal(5, 4) not null,
    valid_from date not null,
    valid_until date not null,
    primary key (source, entity, owner_key, team_id, valid_from)
);
