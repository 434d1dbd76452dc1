-- What was sold, a row an order; a negative amount is a return.
-- grain: source, entity, order_id
-- kind: transaction
-- dated: order_date
-- ahead: order_date 366
-- amounts: amount
create table fct_sale (
    source text not null,
    entity text not null,
    slice_month date not null,
    owner_key text not null,
    order_date date not null,
    order_id text not null,
    customer_id text not null,
    is_new_customer boolean not null,
    country_code text not null,
    amount decimal(18, 6) not null,
    currency_code text not null
);
