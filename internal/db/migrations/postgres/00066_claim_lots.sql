-- +goose Up
-- Two ways through the items of a claim without a look at the rows: in lots, to add them up, and in their order, to find what its checks doubt.
drop index cost_item_claim;
create index cost_item_claim on cost_item (programme_id, claim_id, id, supplier, net, invoice_key, returns_id, ref, eligible, delivered_on, invoiced_on, paid_on,
  hour_rate, activity_id);
create index cost_item_lot on cost_item (programme_id, claim_id, state, kind, category, rate_bp, eligible, deducted, accepted, cap, income, other_money, id);

-- +goose Down
drop index cost_item_lot;
drop index cost_item_claim;
create index cost_item_claim on cost_item (programme_id, claim_id, id, supplier, net, state, kind, category, rate_bp, eligible, deducted, accepted, cap, income, other_money,
  delivered_on, invoiced_on, paid_on, hour_rate, activity_id);
