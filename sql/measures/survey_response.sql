-- Surveys: promoters (9, 10) and detractors (0 to 6) for the NPS, satisfied (4, 5) for the CSAT.
-- csat_points are the marks (1 to 5) added up: over the answers they are the mean mark.
-- Days with responses but no answer to a question have 0 answers, and no promoters or satisfied at all.
-- grain: source, entity, response_id
-- kind: transaction
-- measures:
--   nps_promoters: sum, count, of nps_responses, from nps_score
--   nps_detractors: sum, count, of nps_responses, from nps_score
--   nps_responses: sum, count, zero, from nps_score
--   csat_satisfied: sum, count, of csat_responses, from csat_score
--   csat_points: sum, count, from csat_score
--   csat_responses: sum, count, zero, from csat_score
-- A month that was loaded without any response to a team's survey is 0 responses, and not missing.
with responses as (
    select
        source,
        entity,
        owner_key,
        response_id,
        responded_date as activity_date,
        nps_score,
        csat_score
    from fct_survey_response
    where responded_date >= :start and responded_date < :end
),

final as (
    select
        responses.source,
        responses.entity,
        responses.owner_key,
        responses.response_id,
        responses.activity_date,
        case
            when responses.nps_score >= 9 then 1
            when responses.nps_score is not null then 0
        end as nps_promoters,
        case
            when responses.nps_score <= 6 then 1
            when responses.nps_score is not null then 0
        end as nps_detractors,
        case when responses.nps_score is not null then 1 else 0 end as nps_responses,
        case
            when responses.csat_score >= 4 then 1
            when responses.csat_score is not null then 0
        end as csat_satisfied,
        responses.csat_score as csat_points,
        case when responses.csat_score is not null then 1 else 0 end as csat_responses
    from responses
)

select * from final
