-- Source rows with the team that owns them and its share: the same row stands once for each of its owners.
-- Whether there is an exact key is asked in an equation: as a condition of its own it makes DuckDB compare
-- each row with each owner.
-- The first CTE stands for a file of sql/measures/ or sql/rows/, or for its sums by day.
-- grain: source, entity, owner_key, activity_date, team_id
-- kind: transaction
with source_rows as (
    select distinct
        source,
        entity,
        owner_key,
        activity_date
    from fct_page_daily
    where activity_date >= :start and activity_date < :end
),

ownership as (
    select
        source,
        entity,
        owner_key,
        team_id,
        share,
        valid_from,
        valid_until
    from dim_ownership
),

final as (
    select
        source_rows.*,
        coalesce(exact_key.team_id, rest.team_id, 'unassigned') as team_id,
        coalesce(exact_key.share, rest.share, cast(1 as decimal(5, 4))) as share
    from source_rows
    left join ownership as exact_key
        on
            source_rows.source = exact_key.source
            and source_rows.entity = exact_key.entity
            and source_rows.owner_key = exact_key.owner_key
            and source_rows.activity_date >= exact_key.valid_from
            and source_rows.activity_date < exact_key.valid_until
    left join ownership as rest
        on
            source_rows.source = rest.source
            and source_rows.entity = rest.entity
            and rest.owner_key = case when exact_key.team_id is null then '*' end
            and source_rows.activity_date >= rest.valid_from
            and source_rows.activity_date < rest.valid_until
)

select * from final
