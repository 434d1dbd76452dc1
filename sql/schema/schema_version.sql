-- Which version of its file each table was made by: sha256 over the statement.
-- grain: table_name
-- kind: dimension
create table schema_version (
    table_name text not null,
    ddl_sha256 text not null,
    primary key (table_name)
);
