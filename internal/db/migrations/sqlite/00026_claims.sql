-- +goose Up
-- What an invoice amounts to, over all partners and programmes: a row is locked while a part of it is claimed.
create table invoice (
  key ctext not null primary key,
  currency ctext not null,
  total bigint not null
);

-- What a cost category allows, from a day on. A category without a row is allowed in every kind and has no cap; a programme's flat rates
-- are the rows with flat_bp above zero.
create table category_rule (
  programme_id ctext not null references programme (id),
  category ctext not null,
  starts_on ctext not null,
  kinds ctext not null,
  cap bigint not null constraint category_cap check (cap >= 0),
  hour_cap bigint not null constraint category_hour_cap check (hour_cap >= 0),
  flat_bp integer not null constraint category_flat check (flat_bp between 0 and 10000),
  flat_of ctext not null,
  primary key (programme_id, category, starts_on)
);

-- How claims are verified, from a day on: terms, sample, second level, proofs.
create table claim_rule (
  programme_id ctext not null references programme (id),
  starts_on ctext not null,
  sample_bp integer not null constraint claim_rule_sample check (sample_bp between 0 and 10000),
  sample_from bigint not null,
  sample_seed bigint not null,
  second_from bigint not null,
  proof_from bigint not null,
  claim_days integer not null constraint claim_rule_claim_days check (claim_days between 0 and 3650),
  reply_days integer not null constraint claim_rule_reply_days check (reply_days between 0 and 3650),
  parked_days integer not null constraint claim_rule_parked_days check (parked_days between 0 and 3650),
  primary key (programme_id, starts_on)
);

-- An invoice of a joint activity, divided by integer weights. The parts are claimed by each organiser on its own.
create table shared_invoice (
  programme_id ctext not null references programme (id),
  id ctext not null,
  activity_id ctext,
  category ctext not null,
  description text not null,
  supplier ctext not null,
  invoice ctext not null,
  invoiced_on ctext not null,
  delivered_on ctext not null,
  currency ctext not null,
  rate ctext not null,
  rate_on ctext not null,
  rate_source text not null,
  net bigint not null,
  vat bigint not null,
  entered_on ctext not null,
  entered_by ctext references person (id),
  primary key (programme_id, id),
  foreign key (programme_id, activity_id) references activity (programme_id, id)
);
create index shared_invoice_activity on shared_invoice (programme_id, activity_id);
create index shared_invoice_entered_by on shared_invoice (entered_by);

create table shared_part (
  programme_id ctext not null,
  shared_id ctext not null,
  organisation_id ctext not null references organisation (id),
  position integer not null,
  weight integer not null constraint shared_weight check (weight between 1 and 1000000),
  net bigint not null,
  vat bigint not null,
  primary key (programme_id, shared_id, organisation_id),
  foreign key (programme_id, shared_id) references shared_invoice (programme_id, id)
);
create index shared_part_organisation on shared_part (organisation_id, programme_id, shared_id);

pragma defer_foreign_keys = on;
create table cost_item_before as select * from cost_item;
drop table cost_item;
create table cost_item (
  programme_id ctext not null,
  id ctext not null,
  ref ctext not null,
  claim_id ctext not null,
  agreement_id ctext not null,
  year integer not null,
  activity_id ctext,
  category ctext not null,
  description text not null,
  supplier ctext not null,
  invoice ctext not null,
  invoice_key ctext,
  invoiced_on ctext not null,
  delivered_on ctext not null,
  currency ctext not null,
  rate ctext not null,
  rate_on ctext not null,
  rate_source text not null,
  net bigint not null,
  vat bigint not null,
  other_money bigint not null,
  rate_bp integer not null,
  eligible bigint not null,
  state ctext not null constraint item_state check (state in ('declared', 'accepted', 'deducted', 'parked', 'returned', 'lapsed')),
  deducted bigint not null,
  accepted bigint not null,
  reason_code ctext not null,
  reason text not null,
  decided_on ctext not null,
  decided_by ctext references person (id),
  returns_id ctext,
  kind ctext not null constraint item_kind check (kind in ('invoice', 'staff', 'in-kind', 'flat')),
  hours ctext not null,
  hour_rate bigint not null,
  allocation_bp integer not null constraint item_allocation check (allocation_bp between 0 and 10000),
  vat_recoverable_bp integer not null constraint item_vat check (vat_recoverable_bp between 0 and 10000),
  income bigint not null constraint item_income check (income >= 0),
  cap bigint not null constraint item_cap check (cap >= 0),
  flat_bp integer not null,
  credits ctext not null,
  invoice_total bigint not null,
  procured smallint not null constraint item_procured check (procured in (0, 1)),
  paid_on ctext not null,
  shared_id ctext,
  row_hash ctext not null,
  primary key (programme_id, id),
  constraint item_ref_once unique (programme_id, ref),
  constraint item_deduction check ((eligible >= 0 and deducted between 0 and eligible) or (eligible < 0 and deducted between eligible and 0)),
  constraint item_reason check (deducted = 0 or reason_code <> ''),
  constraint item_counts check (accepted = 0 or state in ('accepted', 'deducted')),
  foreign key (programme_id, claim_id) references claim (programme_id, id),
  foreign key (programme_id, agreement_id) references agreement (programme_id, id),
  foreign key (programme_id, activity_id) references activity (programme_id, id),
  foreign key (programme_id, returns_id) references cost_item (programme_id, id),
  foreign key (programme_id, shared_id) references shared_invoice (programme_id, id)
);
insert into cost_item (programme_id, id, ref, claim_id, agreement_id, year, activity_id, category, description, supplier, invoice, invoice_key, invoiced_on, delivered_on, currency, rate, rate_on, rate_source, net, vat, other_money, rate_bp, eligible, state, deducted, accepted, reason_code, reason, decided_on, decided_by, returns_id, kind, hours, hour_rate, allocation_bp, vat_recoverable_bp, income, cap, flat_bp, credits, invoice_total, procured, paid_on, shared_id, row_hash)
select programme_id, id, ref, claim_id, agreement_id, year, activity_id, category, description, supplier, invoice, invoice_key, invoiced_on, delivered_on, currency, rate, rate_on, rate_source, net, vat, other_money, rate_bp, eligible, state, deducted, accepted, reason_code, reason, decided_on, decided_by, returns_id, 'invoice', '', 0, 10000, (select o.vat_recoverable_bp from agreement a join organisation o on o.id = a.organisation_id
    where a.programme_id = cost_item_before.programme_id and a.id = cost_item_before.agreement_id), 0, 0, 0, '', net + vat, 0, '', null, ''
from cost_item_before;
drop table cost_item_before;
create index cost_item_claim on cost_item (programme_id, claim_id);
create index cost_item_year on cost_item (programme_id, agreement_id, year);
create index cost_item_activity on cost_item (programme_id, activity_id);
create index cost_item_returns on cost_item (programme_id, returns_id);
create index cost_item_decided_by on cost_item (decided_by);
create index cost_item_invoice on cost_item (invoice_key);
create index cost_item_credits on cost_item (credits) where credits <> '';
create index cost_item_supplier on cost_item (supplier, net);
create index cost_item_shared on cost_item (programme_id, shared_id);
create index cost_item_row on cost_item (programme_id, agreement_id, row_hash);

-- How a ceiling came to be what it is: overruns and carry-over by decision, with what they made due on costs that were capped.
create table ceiling_change (
  programme_id ctext not null,
  agreement_id ctext not null,
  year integer not null,
  decision_id ctext not null,
  amount bigint not null constraint ceiling_change_amount check (amount > 0),
  carried smallint not null constraint ceiling_change_carried check (carried in (0, 1)),
  due bigint not null constraint ceiling_change_due check (due >= 0),
  dated ctext not null,
  primary key (programme_id, agreement_id, year, decision_id),
  foreign key (programme_id, agreement_id) references agreement (programme_id, id),
  foreign key (programme_id, decision_id) references decision (programme_id, id)
);
create index ceiling_change_decision on ceiling_change (programme_id, decision_id);

-- Which items a controller looks at closely, and why. Once there, an item stays.
create table item_sample (
  programme_id ctext not null,
  item_id ctext not null,
  rule ctext not null constraint sample_rule check (rule in ('random', 'high', 'staff', 'procured', 'returned', 'deducted', 'hand')),
  reason text not null,
  added_on ctext not null,
  added_by ctext references person (id),
  primary key (programme_id, item_id, rule),
  foreign key (programme_id, item_id) references cost_item (programme_id, id)
);
create index item_sample_added_by on item_sample (added_by);

-- The files that prove an item.
create table item_proof (
  programme_id ctext not null,
  item_id ctext not null,
  file_id ctext not null,
  primary key (programme_id, item_id, file_id),
  foreign key (programme_id, item_id) references cost_item (programme_id, id),
  foreign key (programme_id, file_id) references file (programme_id, id)
);
create index item_proof_file on item_proof (programme_id, file_id);

-- Questions and answers about a claim or one of its items.
create table claim_message (
  programme_id ctext not null,
  claim_id ctext not null,
  n integer not null,
  item_id ctext,
  kind ctext not null constraint claim_message_kind check (kind in ('question', 'answer')),
  written_on ctext not null,
  written_by ctext references person (id),
  reply_by ctext not null,
  words text not null,
  primary key (programme_id, claim_id, n),
  foreign key (programme_id, claim_id) references claim (programme_id, id),
  foreign key (programme_id, item_id) references cost_item (programme_id, id)
);
create index claim_message_item on claim_message (programme_id, item_id);
create index claim_message_written_by on claim_message (written_by);

create table claim_objection (
  programme_id ctext not null,
  claim_id ctext not null,
  n integer not null,
  state ctext not null constraint objection_state check (state in ('raised', 'upheld', 'dismissed')),
  raised_on ctext not null,
  raised_by ctext references person (id),
  words text not null,
  answered_on ctext not null,
  answered_by ctext references person (id),
  answer text not null,
  primary key (programme_id, claim_id, n),
  constraint objection_four_eyes check (answered_by is null or answered_by <> raised_by),
  foreign key (programme_id, claim_id) references claim (programme_id, id)
);
create index claim_objection_raised_by on claim_objection (raised_by);
create index claim_objection_answered_by on claim_objection (answered_by);

-- How a partner's own columns map to ours, remembered by its header line.
create table cost_mapping (
  programme_id ctext not null references programme (id),
  organisation_id ctext not null references organisation (id),
  header ctext not null,
  mapping text not null,
  used_on ctext not null,
  primary key (programme_id, organisation_id, header)
);
create index cost_mapping_organisation on cost_mapping (organisation_id);
alter table claim add column agreement_version integer not null default 0;
alter table claim add column rule_on ctext not null default '';
alter table claim add column words text not null default '';
alter table claim add column opened_on ctext not null default '';
alter table claim add column second_level smallint not null default 0;
alter table claim add column rounds integer not null default 0;
alter table claim add column reviewed_on ctext not null default '';
alter table claim add column reviewed_by ctext references person (id) constraint claim_second_eyes check (reviewed_by is null
    or ((entered_by is null or reviewed_by <> entered_by) and (verified_by is null or reviewed_by <> verified_by) and (approved_by is null or reviewed_by <> approved_by)));
create index claim_reviewed_by on claim (reviewed_by);
update claim set rounds = 1 where approved_on <> '';
drop trigger claim_no_delete;
drop trigger claim_approved_stays;
-- +goose StatementBegin
create trigger claim_no_delete before delete on claim
when (select state from programme where id = old.programme_id) = 'importing' is not true and old.state <> 'draft'
begin
  select raise(abort, 'constraint:claim_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger claim_approved_stays before update on claim
when old.approved_on <> '' and (new.accepted <> old.accepted or new.due <> old.due or new.approved_on <> old.approved_on or new.approved_by is not old.approved_by)
  and not (old.state in ('approved', 'closed') and new.state = 'in-verification' and new.approved_on = '' and new.accepted = 0 and new.due = 0)
begin
  select raise(abort, 'constraint:claim_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger cost_item_no_delete before delete on cost_item
when (select state from programme where id = old.programme_id) = 'importing' is not true
  and (select c.state from claim c where c.programme_id = old.programme_id and c.id = old.claim_id) = 'draft' is not true
begin
  select raise(abort, 'constraint:cost_item_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger cost_item_facts_stay before update on cost_item
when (select c.state from claim c where c.programme_id = old.programme_id and c.id = old.claim_id) = 'draft' is not true and (new.id is not old.id
  or new.programme_id is not old.programme_id
  or new.claim_id is not old.claim_id
  or new.agreement_id is not old.agreement_id
  or new.year is not old.year
  or new.activity_id is not old.activity_id
  or new.category is not old.category
  or new.description is not old.description
  or new.supplier is not old.supplier
  or new.invoice is not old.invoice
  or new.invoiced_on is not old.invoiced_on
  or new.delivered_on is not old.delivered_on
  or new.currency is not old.currency
  or new.rate is not old.rate
  or new.rate_on is not old.rate_on
  or new.rate_source is not old.rate_source
  or new.net is not old.net
  or new.vat is not old.vat
  or new.other_money is not old.other_money
  or new.rate_bp is not old.rate_bp
  or new.eligible is not old.eligible
  or new.returns_id is not old.returns_id
  or new.kind is not old.kind
  or new.hours is not old.hours
  or new.hour_rate is not old.hour_rate
  or new.allocation_bp is not old.allocation_bp
  or new.vat_recoverable_bp is not old.vat_recoverable_bp
  or new.income is not old.income
  or new.cap is not old.cap
  or new.flat_bp is not old.flat_bp
  or new.credits is not old.credits
  or new.invoice_total is not old.invoice_total
  or new.procured is not old.procured
  or new.paid_on is not old.paid_on
  or new.shared_id is not old.shared_id
)
begin
  select raise(abort, 'constraint:cost_item_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger item_sample_no_update before update on item_sample
begin
  select raise(abort, 'constraint:item_sample_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger item_sample_no_delete before delete on item_sample
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:item_sample_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger claim_message_no_update before update on claim_message
begin
  select raise(abort, 'constraint:claim_message_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger claim_message_no_delete before delete on claim_message
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:claim_message_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger shared_part_no_update before update on shared_part
begin
  select raise(abort, 'constraint:shared_part_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger shared_part_no_delete before delete on shared_part
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:shared_part_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger shared_invoice_no_update before update on shared_invoice
begin
  select raise(abort, 'constraint:shared_invoice_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger shared_invoice_no_delete before delete on shared_invoice
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:shared_invoice_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger category_rule_no_update before update on category_rule
begin
  select raise(abort, 'constraint:category_rule_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger category_rule_no_delete before delete on category_rule
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:category_rule_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger claim_rule_no_update before update on claim_rule
begin
  select raise(abort, 'constraint:claim_rule_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger claim_rule_no_delete before delete on claim_rule
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:claim_rule_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger claim_objection_no_delete before delete on claim_objection
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:claim_objection_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger claim_objection_stays before update on claim_objection
when old.state <> 'raised' or new.raised_on <> old.raised_on or new.raised_by is not old.raised_by or new.words <> old.words or new.programme_id <> old.programme_id or new.claim_id <> old.claim_id or new.n <> old.n
begin
  select raise(abort, 'constraint:claim_objection_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger ceiling_change_no_update before update on ceiling_change
begin
  select raise(abort, 'constraint:ceiling_change_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger ceiling_change_no_delete before delete on ceiling_change
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:ceiling_change_immutable');
end;
-- +goose StatementEnd
