-- Every measure by day and team, in the reporting currency; a measure without data has no row.
-- grain: activity_date, team_id, measure
-- kind: periodic snapshot
create table measure_daily (
    activity_date date not null,
    team_id text not null,
    measure text not null,
    value decimal(28, 10) not null
);
