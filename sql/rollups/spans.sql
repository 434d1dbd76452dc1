-- Measures by span of days, both ways a measure can be declared to roll up: its total and, of those that roll
-- up so, its last figure, which is the one of the last day on which the measure has a row. The one span of
-- the first CTE stands for as many as are asked for, the one measure of the second for all with a last one.
-- Totals are added up apart: to hold each row against the last day takes twice the time and the memory.
-- grain: start_date, end_date, team_id, measure
-- kind: periodic snapshot
with spans as (
    select
        cast(:start as date) as start_date,
        cast(:end as date) as end_date
),

lasting as (
    select cast(:measure as text) as measure
),

totals as (
    select
        spans.start_date,
        spans.end_date,
        measure_daily.team_id,
        measure_daily.measure,
        cast(sum(measure_daily.value) as decimal(38, 10)) as total_value
    from spans
    inner join measure_daily
        on
            spans.start_date <= measure_daily.activity_date
            and spans.end_date > measure_daily.activity_date
    group by
        spans.start_date,
        spans.end_date,
        measure_daily.team_id,
        measure_daily.measure
),

last_days as (
    select
        spans.start_date,
        spans.end_date,
        measure_daily.team_id,
        measure_daily.measure,
        max(measure_daily.activity_date) as last_date
    from spans
    inner join measure_daily
        on
            spans.start_date <= measure_daily.activity_date
            and spans.end_date > measure_daily.activity_date
    inner join lasting
        on measure_daily.measure = lasting.measure
    group by
        spans.start_date,
        spans.end_date,
        measure_daily.team_id,
        measure_daily.measure
),

last_values as (
    select
        last_days.start_date,
        last_days.end_date,
        last_days.team_id,
        last_days.measure,
        max(measure_daily.value) as last_value
    from last_days
    inner join measure_daily
        on
            last_days.team_id = measure_daily.team_id
            and last_days.measure = measure_daily.measure
            and last_days.last_date = measure_daily.activity_date
    group by
        last_days.start_date,
        last_days.end_date,
        last_days.team_id,
        last_days.measure
),

final as (
    select
        totals.start_date,
        totals.end_date,
        totals.team_id,
        totals.measure,
        totals.total_value,
        last_values.last_value
    from totals
    left join last_values
        on
            totals.start_date = last_values.start_date
            and totals.end_date = last_values.end_date
            and totals.team_id = last_values.team_id
            and totals.measure = last_values.measure
)

select * from final
order by start_date, end_date, team_id, measure
