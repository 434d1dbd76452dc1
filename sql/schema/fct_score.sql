-- Each line of each issued card. target and actual are in the KPI's unit, percent as a fraction; a target
-- that is a range has two ends instead; attainment is 1 on target; reason says why a number is missing.
-- grain: issue_id, kpi_id
-- kind: transaction
-- dated: start_date
-- from: ledger
create table fct_score (
    issue_id bigint not null,
    kpi_id text not null,
    area_id text not null,
    team_id text not null,
    period text not null,
    cadence text not null,
    start_date date not null,
    last_date date not null,
    revision integer not null,
    is_current boolean not null,
    band text not null,
    reason text,
    unit text not null,
    currency_code text not null,
    target decimal(38, 18),
    target_low decimal(38, 18),
    target_high decimal(38, 18),
    actual decimal(38, 18),
    attainment decimal(38, 18),
    weight decimal(38, 18),
    effective_weight decimal(38, 18),
    score decimal(38, 18),
    points decimal(38, 18),
    issued_at timestamp not null,
    primary key (issue_id, kpi_id)
);
