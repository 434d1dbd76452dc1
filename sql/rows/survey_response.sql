-- Surveys, row by row: what each response brings into the measures of its day.
-- grain: source, entity, response_id
-- kind: transaction
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
        case when responses.nps_score >= 9 then 1 end as nps_promoters,
        case when responses.nps_score <= 6 then 1 end as nps_detractors,
        case when responses.nps_score is not null then 1 end as nps_responses,
        case when responses.csat_score >= 4 then 1 end as csat_satisfied,
        responses.csat_score as csat_points,
        case when responses.csat_score is not null then 1 end as csat_responses
    from responses
)

select * from final
