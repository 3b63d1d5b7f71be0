-- +goose Up
-- All that the tally of a claim reads of its items, and by what it looks for likely twins, without a look at the rows.
drop index cost_item_claim;
create index cost_item_claim on cost_item (programme_id, claim_id, id, supplier, net, state, kind, category, rate_bp, eligible, deducted, accepted, cap, income, other_money,
  delivered_on, invoiced_on, paid_on, hour_rate, activity_id);

-- +goose Down
drop index cost_item_claim;
create index cost_item_claim on cost_item (programme_id, claim_id, id);
