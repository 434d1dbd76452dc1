-- What each slice was loaded from. Its key is what protects a slice: the facts carry none.
-- grain: source, entity, slice_month
-- kind: transaction
create table load_record (
    source text not null,
    entity text not null,
    slice_month date not null,
    content_sha256 text not null,
    reader_version integer not null,
    files_json text not null,
    tallies_json text not null,
    controls_json text not null,
    loaded_at timestamp not null,
    primary key (source, entity, slice_month)
);
