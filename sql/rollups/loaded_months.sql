-- The months of a fact that were loaded, once for each owner key of its accounts: with them a month without
-- any row is 0 for its owners, and not missing. Another fact takes the place of fct_sale.
-- grain: source, entity, owner_key, activity_date
-- kind: periodic snapshot
with final as (
    select distinct
        load_record.source,
        load_record.entity,
        dim_ownership.owner_key,
        greatest(load_record.slice_month, dim_ownership.valid_from) as activity_date
    from load_record
    inner join dim_ownership
        on
            load_record.source = dim_ownership.source
            and load_record.entity = dim_ownership.entity
            and load_record.slice_month + interval '1' month > dim_ownership.valid_from
            and load_record.slice_month < dim_ownership.valid_until
    where
        load_record.slice_month >= :start
        and load_record.slice_month < :end
        and load_record.source in (select fct_sale.source from fct_sale)
)

select * from final
