-- Measures by month, both ways a measure can be declared to roll up: its total and its last figure.
-- The last figure is the one of the last day on which the measure has a row.
-- grain: team_id, month_date, measure
-- kind: periodic snapshot
with measures as (
    select
        team_id,
        measure,
        activity_date,
        cast(date_trunc('month', activity_date) as date) as month_date,
        value
    from measure_daily
    where activity_date >= :start and activity_date < :end
),

last_days as (
    select
        team_id,
        month_date,
        measure,
        max(activity_date) as last_date
    from measures
    group by
        team_id,
        month_date,
        measure
),

final as (
    select
        measures.team_id,
        measures.month_date,
        measures.measure,
        cast(sum(measures.value) as decimal(38, 10)) as total_value,
        max(case when measures.activity_date = last_days.last_date then measures.value end) as last_value
    from measures
    inner join last_days
        on
            measures.team_id = last_days.team_id
            and measures.month_date = last_days.month_date
            and measures.measure = last_days.measure
    group by
        measures.team_id,
        measures.month_date,
        measures.measure
)

select * from final
order by team_id, month_date, measure
