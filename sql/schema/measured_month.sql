-- What the measures of each month were made of: sha256 over the load records of all slices up to the month,
-- who owns what, and the SQL of the measures. Where it is not what it would be now, they are old.
-- grain: month_date
-- kind: dimension
create table measured_month (
    month_date date not null,
    state_sha256 text not null,
    primary key (month_date)
);
