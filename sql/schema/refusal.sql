-- The slices whose newest export was refused, until another takes its place or it is taken away.
-- step is which one refused it: extract (it was not let in) or load (it could not be used). reason says
-- what is wrong without any cell of the file, sentence says all.
-- grain: source, entity, slice_month, step
-- kind: transaction
create table refusal (
    source text not null,
    entity text not null,
    slice_month date not null,
    step text not null,
    reason text not null,
    sentence text not null,
    refused_at timestamp not null,
    primary key (source, entity, slice_month, step)
);
