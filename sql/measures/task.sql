-- Tasks: entered, due and done, each on its own day.
-- A day on which any task moved has a figure for each: 0 where there is none.
-- grain: source, entity, task_id, step
-- kind: accumulating snapshot
-- measures:
--   tasks_created: sum, count, zero
--   tasks_done: sum, count, zero, from done_date
--   tasks_due: sum, count, zero, from due_date
--   tasks_done_in_time: sum, count, zero, of tasks_due, from due_date, from done_date
-- tasks_done_in_time are those of tasks_due, on the same day, that were done on that day or before it.
-- A month that was loaded without any task of a team is 0 for it, and not missing.
with tasks as (
    select
        source,
        entity,
        owner_key,
        task_id,
        title,
        created_date,
        due_date,
        done_date
    from fct_task
    where
        (created_date >= :start and created_date < :end)
        or (due_date >= :start and due_date < :end)
        or (done_date >= :start and done_date < :end)
),

steps_taken as (
    select
        source,
        entity,
        owner_key,
        task_id,
        title,
        created_date as activity_date,
        'created' as step
    from tasks
    where created_date >= :start and created_date < :end
    union all
    select
        source,
        entity,
        owner_key,
        task_id,
        title,
        done_date as activity_date,
        'done' as step
    from tasks
    where done_date >= :start and done_date < :end
    union all
    select
        source,
        entity,
        owner_key,
        task_id,
        title,
        due_date as activity_date,
        case when done_date <= due_date then 'due_done' else 'due' end as step
    from tasks
    where due_date >= :start and due_date < :end
),

final as (
    select
        steps_taken.source,
        steps_taken.entity,
        steps_taken.owner_key,
        steps_taken.task_id,
        steps_taken.title,
        steps_taken.step,
        steps_taken.activity_date,
        case when steps_taken.step = 'created' then 1 else 0 end as tasks_created,
        case when steps_taken.step = 'done' then 1 else 0 end as tasks_done,
        case when steps_taken.step in ('due', 'due_done') then 1 else 0 end as tasks_due,
        case when steps_taken.step = 'due_done' then 1 else 0 end as tasks_done_in_time
    from steps_taken
)

select * from final
