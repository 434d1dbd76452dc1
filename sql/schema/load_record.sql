-- What each slice is made of now. Its key is what protects a slice: the facts carry none.
-- vintage counts the loads of the slice from 1; rows_in = rows_loaded + rows_quarantined + rows_set_aside.
-- schema_sha256 names the columns of the facts that the slice feeds, account_sha256 what the book says of
-- the account: where any of them, the content or the reader changes, the slice is loaded anew.
-- landing_seal is the seal of the pull's manifest, null where an older program landed it.
-- facts_json holds the number of rows of each fact, findings_json what its reader found and took.
-- grain: source, entity, slice_month
-- kind: transaction
create table load_record (
    source text not null,
    entity text not null,
    slice_month date not null,
    vintage integer not null,
    content_sha256 text not null,
    reader text not null,
    api_version text not null,
    schema_sha256 text not null,
    account_sha256 text not null,
    time_zone text not null,
    rows_in bigint not null,
    rows_loaded bigint not null,
    rows_quarantined bigint not null,
    rows_set_aside bigint not null,
    facts_json text not null,
    files_json text not null,
    tallies_json text not null,
    controls_json text not null,
    findings_json text not null,
    landed_at timestamp not null,
    landing_seal text,
    loaded_at timestamp not null,
    primary key (source, entity, slice_month)
);
