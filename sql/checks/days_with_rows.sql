-- The days on which each slice of the month that starts at :start has rows, fact by fact.
-- grain: fact, source, entity, activity_date
-- kind: check
with final as (
    select distinct
        'fct_ad_daily' as fact,
        source,
        entity,
        activity_date
    from fct_ad_daily
    where slice_month = :start
    union all
    select distinct
        'fct_social_post' as fact,
        source,
        entity,
        posted_date as activity_date
    from fct_social_post
    where slice_month = :start
    union all
    select distinct
        'fct_page_daily' as fact,
        source,
        entity,
        activity_date
    from fct_page_daily
    where slice_month = :start
    union all
    select distinct
        'fct_web_daily' as fact,
        source,
        entity,
        activity_date
    from fct_web_daily
    where slice_month = :start
    union all
    select distinct
        'fct_lead' as fact,
        source,
        entity,
        created_date as activity_date
    from fct_lead
    where slice_month = :start
    union all
    select distinct
        'fct_sale' as fact,
        source,
        entity,
        order_date as activity_date
    from fct_sale
    where slice_month = :start
    union all
    select distinct
        'fct_survey_response' as fact,
        source,
        entity,
        responded_date as activity_date
    from fct_survey_response
    where slice_month = :start
    union all
    select distinct
        'fct_market_size' as fact,
        source,
        entity,
        month_date as activity_date
    from fct_market_size
    where slice_month = :start
    union all
    select distinct
        'fct_budget' as fact,
        source,
        entity,
        month_date as activity_date
    from fct_budget
    where slice_month = :start
    union all
    select distinct
        'fct_mention_daily' as fact,
        source,
        entity,
        activity_date
    from fct_mention_daily
    where slice_month = :start
    union all
    select distinct
        'fct_fx_rate' as fact,
        source,
        entity,
        rate_date as activity_date
    from fct_fx_rate
    where slice_month = :start
)

select * from final
order by fact, source, entity, activity_date
