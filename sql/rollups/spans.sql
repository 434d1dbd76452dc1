-- Measures by span of days, both ways a measure can be declared to roll up: its total and its last figure.
-- The last figure is the one of the last day on which the measure has a row. The one span of the
-- first CTE stands for as many as are asked for.
-- grain: start_date, end_date, team_id, measure
-- kind: periodic snapshot
with spans as (
    select
        cast(:start as date) as start_date,
        cast(:end as date) as end_date
),

measures as (
    select
        spans.start_date,
        spans.end_date,
        measure_daily.team_id,
        measure_daily.measure,
        measure_daily.activity_date,
        measure_daily.value
    from spans
    inner join measure_daily
        on
            spans.start_date <= measure_daily.activity_date
            and spans.end_date > measure_daily.activity_date
),

last_days as (
    select
        start_date,
        end_date,
        team_id,
        measure,
        max(activity_date) as last_date
    from measures
    group by
        start_date,
        end_date,
        team_id,
        measure
),

final as (
    select
        measures.start_date,
        measures.end_date,
        measures.team_id,
        measures.measure,
        cast(sum(measures.value) as decimal(38, 10)) as total_value,
        max(case when measures.activity_date = last_days.last_date then measures.value end) as last_value
    from measures
    inner join last_days
        on
            measures.start_date = last_days.start_date
            and measures.end_date = last_days.end_date
            and measures.team_id = last_days.team_id
            and measures.measure = last_days.measure
    group by
        measures.start_date,
        measures.end_date,
        measures.team_id,
        measures.measure
)

select * from final
order by start_date, end_date, team_id, measure
