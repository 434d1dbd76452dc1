-- Which file of the lake has the rows of a fact for a slice, in a warehouse that keeps its facts there.
-- grain: fact, source, entity, slice_month
-- kind: dimension
create table fact_file (
    fact text not null,
    source text not null,
    entity text not null,
    slice_month date not null,
    sha256 text not null,
    byte_count bigint not null,
    primary key (fact, source, entity, slice_month)
);
