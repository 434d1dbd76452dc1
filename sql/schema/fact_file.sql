-- Which file of the lake has the rows of a fact for a slice, in a warehouse that keeps its facts there.
-- first_date and last_date are those of the fact's date column.
-- grain: fact, source, entity, slice_month
-- kind: dimension
create table fact_file (
    fact text not null,
    source text not null,
    entity text not null,
    slice_month date not null,
    sha256 text not null,
    row_count bigint not null,
    byte_count bigint not null,
    first_date date not null,
    last_date date not null,
    primary key (fact, source, entity, slice_month)
);
