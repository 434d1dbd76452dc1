-- The owner keys that the slices of the window have rows of. Exchange rates belong to everybody.
-- grain: source, entity, owner_key
-- kind: check
with final as (
    select
        source,
        entity,
        owner_key
    from fct_ad_daily
    where slice_month >= :start and slice_month < :end
    union
    select
        source,
        entity,
        owner_key
    from fct_social_post
    where slice_month >= :start and slice_month < :end
    union
    select
        source,
        entity,
        owner_key
    from fct_page_daily
    where slice_month >= :start and slice_month < :end
    union
    select
        source,
        entity,
        owner_key
    from fct_web_daily
    where slice_month >= :start and slice_month < :end
    union
    select
        source,
        entity,
        owner_key
    from fct_lead
    where slice_month >= :start and slice_month < :end
    union
    select
        source,
        entity,
        owner_key
    from fct_sale
    where slice_month >= :start and slice_month < :end
    union
    select
        source,
        entity,
        owner_key
    from fct_survey_response
    where slice_month >= :start and slice_month < :end
    union
    select
        source,
        entity,
        owner_key
    from fct_market_size
    where slice_month >= :start and slice_month < :end
    union
    select
        source,
        entity,
        owner_key
    from fct_budget
    where slice_month >= :start and slice_month < :end
    union
    select
        source,
        entity,
        owner_key
    from fct_mention_daily
    where slice_month >= :start and slice_month < :end
)

select * from final
order by source, entity, owner_key
