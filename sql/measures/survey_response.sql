-- Surveys: promoters (9, 10) and detractors (0 to 6) for the NPS, satisfied (4, 5) for the CSAT.
-- csat_points are the marks (1 to 5) added up: over the answers they are the mean mark.
-- Days with responses but no answer to a question have 0 answers, and no promoters or satisfied at all.
-- grain: source, entity, owner_key, activity_date
-- kind: periodic snapshot
-- measures:
--   nps_promoters: sum, count
--   nps_detractors: sum, count
--   nps_responses: sum, count
--   csat_satisfied: sum, count
--   csat_points: sum, count
--   csat_responses: sum, count
-- A month that was loaded without any response to a team's survey is 0 responses, and not missing.
with loaded_months as (
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

responses as (
    select
        source,
        entity,
        owner_key,
        responded_date as activity_date,
        nps_score,
        csat_score
    from fct_survey_response
    where responded_date >= :start and responded_date < :end
    union all
    select
        source,
        entity,
        owner_key,
        activity_date,
        null as nps_score,
        null as csat_score
    from loaded_months
),

final as (
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
)

select * from final
