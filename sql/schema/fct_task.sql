-- A piece of work in a tracker: when it was entered, when it is due, when it was done.
-- A later load fills in the later dates. The slice is the month in which it was entered.
-- grain: source, entity, task_id
-- kind: accumulating snapshot
-- dated: created_date
-- ahead: created_date 2, done_date 2
create table fct_task (
    source text not null,
    entity text not null,
    slice_month date not null,
    owner_key text not null,
    task_id text not null,
    title text not null,
    created_date date not null,
    due_date date,
    done_date date
);
