-- The reporting currency that the measures were computed in; its one row is replaced with them.
-- grain: currency_code
-- kind: dimension
create table dim_reporting_currency (
    currency_code text not null
);
