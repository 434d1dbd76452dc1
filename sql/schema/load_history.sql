-- What each slice was ever made of: every load record, the replaced ones too; only added to.
-- Columns as in load_record.
-- grain: source, entity, slice_month, vintage
-- kind: transaction
create table load_history (
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
    primary key (source, entity, slice_month, vintage)
);
