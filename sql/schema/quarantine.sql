-- The rows that a slice goes without, and why; row_number counts the lines of the file as a spreadsheet does.
-- grain: source, entity, slice_month, file_name, row_number
-- kind: transaction
create table quarantine (
    source text not null,
    entity text not null,
    slice_month date not null,
    file_name text not null,
    row_number bigint not null,
    column_name text not null,
    expected text not null,
    found text not null,
    primary key (source, entity, slice_month, file_name, row_number)
);
