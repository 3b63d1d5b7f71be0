-- +goose Up
-- Items of a claim in the order in which they were entered, without sorting; likely twins without a look at the rows; what
-- is parked in a year.
drop index cost_item_claim;
create index cost_item_claim on cost_item (programme_id, claim_id, id);
drop index cost_item_supplier;
create index cost_item_supplier on cost_item (supplier, net, id, invoice_key);
drop index cost_item_year;
create index cost_item_year on cost_item (programme_id, agreement_id, year, state);

-- +goose Down
drop index cost_item_year;
create index cost_item_year on cost_item (programme_id, agreement_id, year);
drop index cost_item_supplier;
create index cost_item_supplier on cost_item (supplier, net);
drop index cost_item_claim;
create index cost_item_claim on cost_item (programme_id, claim_id);
