-- Surveys: promoters (9, 10) and detractors (0 to 6) for the NPS, satisfied (4, 5) for the CSAT.
-- csat_points are the marks (1 to 5) added up: over the answers they are the mean mark.
-- Days with responses but no answer to a question have 0 answers, and no promoters or satisfied at all.
-- grain: activity_date, team_id
-- kind: periodic snapshot
-- measures:
--   nps_promoters: sum, count
--   nps_detractors: sum, count
--   nps_responses: sum, count
--   csat_satisfied: sum, count
--   csat_points: sum, count
--   csat_responses: sum, count
-- A month that was loaded without any response to a team's survey is 0 responses, and not missing.
with responses as (
    select
        source,
        entity,
        owner_key,
        responded_date as activity_date,
        nps_score,
        csat_score
    from fct_survey_response
    where responded_date >= :start and responded_date < :end
),

ownership as (
    select
        source,
        entity,
        owner_key,
        team_id,
        share
    from dim_ownership
),

loaded_months as (
    select distinct
        load_record.source,
        load_record.entity,
        dim_ownership.owner_key,
        load_record.slice_month as activity_date
    from load_record
    inner join dim_ownership
        on
            load_record.source = dim_ownership.source
            and load_record.entity = dim_ownership.entity
    where
        load_record.slice_month >= :start
        and load_record.slice_month < :end
        and load_record.source in (select fct_survey_response.source from fct_survey_response)
),

by_owner as (
    select
        responses.source,
        responses.entity,
        responses.owner_key,
        responses.activity_date,
        cast(
            sum(case when responses.nps_score >= 9 then 1 when responses.nps_score is not null then 0 end)
            as decimal(24, 0)
        ) as nps_promoters,
        cast(
            sum(case when responses.nps_score <= 6 then 1 when responses.nps_score is not null then 0 end)
            as decimal(24, 0)
        ) as nps_detractors,
        cast(count(responses.nps_score) as decimal(24, 0)) as nps_responses,
        cast(
            sum(case when responses.csat_score >= 4 then 1 when responses.csat_score is not null then 0 end)
            as decimal(24, 0)
        ) as csat_satisfied,
        cast(sum(responses.csat_score) as decimal(24, 0)) as csat_points,
        cast(count(responses.csat_score) as decimal(24, 0)) as csat_responses
    from responses
    group by
        responses.source,
        responses.entity,
        responses.owner_key,
        responses.activity_date
    union all
    select
        source,
        entity,
        owner_key,
        activity_date,
        cast(null as decimal(24, 0)) as nps_promoters,
        cast(null as decimal(24, 0)) as nps_detractors,
        cast(0 as decimal(24, 0)) as nps_responses,
        cast(null as decimal(24, 0)) as csat_satisfied,
        cast(null as decimal(24, 0)) as csat_points,
        cast(0 as decimal(24, 0)) as csat_responses
    from loaded_months
),

owned as (
    select
        by_owner.activity_date,
        coalesce(exact_key.team_id, rest.team_id, 'unassigned') as team_id,
        coalesce(exact_key.share, rest.share, cast(1 as decimal(5, 4))) as share,
        by_owner.nps_promoters,
        by_owner.nps_detractors,
        by_owner.nps_responses,
        by_owner.csat_satisfied,
        by_owner.csat_points,
        by_owner.csat_responses
    from by_owner
    left join ownership as exact_key
        on
            by_owner.source = exact_key.source
            and by_owner.entity = exact_key.entity
            and by_owner.owner_key = exact_key.owner_key
    left join ownership as rest
        on
            by_owner.source = rest.source
            and by_owner.entity = rest.entity
            and rest.owner_key = '*'
            and exact_key.team_id is null
),

final as (
    select
        activity_date,
        team_id,
        sum(nps_promoters * share) as nps_promoters,
        sum(nps_detractors * share) as nps_detractors,
        sum(nps_responses * share) as nps_responses,
        sum(csat_satisfied * share) as csat_satisfied,
        sum(csat_points * share) as csat_points,
        sum(csat_responses * share) as csat_responses
    from owned
    group by
        activity_date,
        team_id
)

select * from final
