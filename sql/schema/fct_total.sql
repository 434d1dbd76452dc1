-- What the first page of each issued card says; is_current is false of a revision that was replaced.
-- Pay is not here. content_hash tells whether a row is that of the ledger's issue.
-- grain: issue_id
-- kind: transaction
-- dated: start_date
-- from: ledger
create table fct_total (
    issue_id bigint not null,
    team_id text not null,
    period text not null,
    cadence text not null,
    start_date date not null,
    last_date date not null,
    revision integer not null,
    is_current boolean not null,
    certificate text not null,
    band text not null,
    grade text,
    total decimal(38, 18),
    total_weight decimal(38, 18),
    currency_code text not null,
    content_hash text not null,
    issued_at timestamp not null,
    primary key (issue_id)
);
