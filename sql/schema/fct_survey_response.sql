-- What a customer answered, a row a response: nps_score 0 to 10, csat_score 1 to 5, null = not answered.
-- grain: source, entity, response_id
-- kind: transaction
-- dated: responded_date
-- ahead: responded_date 2
create table fct_survey_response (
    source text not null,
    entity text not null,
    slice_month date not null,
    owner_key text not null,
    responded_date date not null,
    response_id text not null,
    nps_score bigint,
    csat_score bigint
);
