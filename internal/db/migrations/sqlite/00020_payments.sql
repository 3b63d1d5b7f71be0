-- +goose Up
-- Payments leave in batches to accounts that two people agreed on, and come back as lines of bank statements. What went to the bank and what
-- came from it never changes; a line that nothing matches is decided by a person, once.
pragma defer_foreign_keys = on;
alter table programme_rule add column bank_cooling_days integer not null default 3 constraint rule_cooling check (bank_cooling_days between 0 and 60);

create table bank_account (
  programme_id ctext not null references programme (id),
  id ctext not null,
  organisation_id ctext not null references organisation (id),
  iban ctext not null,
  bic ctext not null,
  holder text not null,
  state ctext not null constraint bank_account_state check (state in ('proposed', 'confirmed', 'refused')),
  words text not null,
  proposed_on ctext not null,
  proposed_by ctext references person (id),
  decided_on ctext not null,
  decided_by ctext references person (id),
  effective_on ctext not null,
  primary key (programme_id, id),
  constraint bank_account_four_eyes check (decided_by is null or proposed_by is null or decided_by <> proposed_by),
  constraint bank_account_effective check ((state = 'confirmed') = (effective_on <> ''))
);
create index bank_account_organisation on bank_account (organisation_id);
create index bank_account_holder on bank_account (programme_id, organisation_id, effective_on);
create index bank_account_proposed_by on bank_account (proposed_by);
create index bank_account_decided_by on bank_account (decided_by);

create table payment_batch (
  programme_id ctext not null references programme (id),
  id ctext not null,
  number integer not null,
  state ctext not null constraint batch_state check (state in ('prepared', 'approved', 'exported', 'executed', 'partly-rejected', 'rejected',
    'discarded')),
  execute_on ctext not null,
  account_id ctext not null,
  total bigint not null constraint batch_total check (total > 0),
  payments integer not null,
  prepared_on ctext not null,
  prepared_by ctext references person (id),
  approved_on ctext not null,
  approved_by ctext references person (id),
  exported_at ctext not null,
  exported_by ctext references person (id),
  sha256 ctext not null,
  content text not null,
  closed_on ctext not null,
  primary key (programme_id, id),
  constraint batch_number_once unique (programme_id, number),
  constraint batch_four_eyes check (approved_by is null or prepared_by is null or approved_by <> prepared_by),
  constraint batch_exported check ((exported_at = '') = (sha256 = '')),
  foreign key (programme_id, account_id) references bank_account (programme_id, id)
);
create index payment_batch_account on payment_batch (programme_id, account_id);
create index payment_batch_prepared_by on payment_batch (prepared_by);
create index payment_batch_approved_by on payment_batch (approved_by);
create index payment_batch_exported_by on payment_batch (exported_by);

create table payment_before as select * from payment;
drop table payment;
create table payment (
  programme_id ctext not null,
  id ctext not null,
  agreement_id ctext not null,
  year integer not null,
  kind ctext not null constraint payment_kind check (kind in ('advance', 'claim', 'balance', 'repayment')),
  claim_id ctext,
  amount bigint not null constraint payment_amount check (amount > 0),
  state ctext not null constraint payment_state check (state in ('ordered', 'approved', 'executed', 'discarded', 'rejected', 'returned')),
  ordered_on ctext not null,
  ordered_by ctext references person (id),
  approved_by ctext references person (id),
  executed_on ctext not null,
  batch_id ctext,
  account_id ctext,
  end_to_end ctext,
  words text not null default '',
  undone_on ctext not null default '',
  undone_why text not null default '',
  primary key (programme_id, id),
  constraint payment_four_eyes check (approved_by is null or approved_by <> ordered_by),
  constraint payment_end_once unique (programme_id, end_to_end),
  foreign key (programme_id, agreement_id) references agreement (programme_id, id),
  foreign key (programme_id, claim_id) references claim (programme_id, id),
  foreign key (programme_id, batch_id) references payment_batch (programme_id, id),
  foreign key (programme_id, account_id) references bank_account (programme_id, id)
);
insert into payment (programme_id, id, agreement_id, year, kind, claim_id, amount, state, ordered_on, ordered_by, approved_by, executed_on)
select programme_id, id, agreement_id, year, kind, claim_id, amount, state, ordered_on, ordered_by, approved_by, executed_on from payment_before;
drop table payment_before;
create index payment_year on payment (programme_id, agreement_id, year);
create index payment_claim on payment (programme_id, claim_id);
create index payment_ordered_by on payment (ordered_by);
create index payment_approved_by on payment (approved_by);
create index payment_batch_of on payment (programme_id, batch_id);
create index payment_account on payment (programme_id, account_id);

create table recovery_reference (
  programme_id ctext not null,
  agreement_id ctext not null,
  year integer not null,
  reference ctext not null,
  primary key (programme_id, agreement_id, year),
  constraint recovery_reference_once unique (programme_id, reference),
  foreign key (programme_id, agreement_id) references agreement (programme_id, id)
);

create table bank_statement (
  programme_id ctext not null references programme (id),
  id ctext not null,
  sha256 ctext not null,
  position integer not null,
  file_name text not null,
  account ctext not null,
  statement_ref text not null,
  from_on ctext not null,
  until_on ctext not null,
  opening bigint not null,
  closing bigint not null,
  lines integer not null,
  fresh integer not null,
  imported_at ctext not null,
  imported_by ctext references person (id),
  primary key (programme_id, id),
  constraint bank_statement_once unique (programme_id, sha256, position)
);
create index bank_statement_imported_by on bank_statement (imported_by);

create table bank_line (
  programme_id ctext not null,
  id ctext not null,
  statement_id ctext not null,
  fingerprint ctext not null,
  booked_on ctext not null,
  amount bigint not null constraint bank_line_amount check (amount <> 0),
  end_to_end text not null,
  block text not null,
  reference ctext not null,
  party text not null,
  account text not null,
  words text not null,
  bank_ref text not null,
  returned text not null,
  state ctext not null constraint bank_line_state check (state in ('open', 'matched', 'assigned', 'dismissed')),
  why ctext not null,
  payment_id ctext,
  reason text not null,
  decided_on ctext not null,
  decided_by ctext references person (id),
  primary key (programme_id, id),
  constraint bank_line_once unique (programme_id, fingerprint),
  constraint bank_line_reason check ((state in ('assigned', 'dismissed')) = (reason <> '')),
  foreign key (programme_id, statement_id) references bank_statement (programme_id, id),
  foreign key (programme_id, payment_id) references payment (programme_id, id)
);
create index bank_line_statement on bank_line (programme_id, statement_id);
create index bank_line_state on bank_line (programme_id, state, booked_on);
create index bank_line_payment on bank_line (programme_id, payment_id);
create index bank_line_decided_by on bank_line (decided_by);
-- +goose StatementBegin
create trigger payment_amount_stays before update on payment
when (old.executed_on <> '' and not (old.state = 'executed' and new.state = 'returned'))
  or (old.executed_on <> '' and new.executed_on <> old.executed_on)
  or new.amount is not old.amount
  or new.agreement_id is not old.agreement_id
  or new.year is not old.year
  or new.kind is not old.kind
  or new.claim_id is not old.claim_id
  or new.batch_id is not old.batch_id
  or new.account_id is not old.account_id
  or new.end_to_end is not old.end_to_end
begin
  select raise(abort, 'constraint:payment_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger bank_account_stays before update on bank_account
when old.state <> 'proposed'
  or new.programme_id is not old.programme_id
  or new.id is not old.id
  or new.organisation_id is not old.organisation_id
  or new.iban is not old.iban
  or new.bic is not old.bic
  or new.holder is not old.holder
  or new.proposed_on is not old.proposed_on
  or new.proposed_by is not old.proposed_by
begin
  select raise(abort, 'constraint:bank_account_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger payment_batch_stays before update on payment_batch
when old.state in ('executed', 'rejected', 'partly-rejected', 'discarded')
  or new.programme_id is not old.programme_id
  or new.id is not old.id
  or new.number is not old.number
  or new.account_id is not old.account_id
  or new.total is not old.total
  or new.payments is not old.payments
  or new.prepared_on is not old.prepared_on
  or new.prepared_by is not old.prepared_by
  or (old.sha256 <> '' and (new.sha256 <> old.sha256 or new.content <> old.content))
begin
  select raise(abort, 'constraint:payment_batch_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger bank_line_stays before update on bank_line
when old.state <> 'open'
  or new.programme_id is not old.programme_id
  or new.id is not old.id
  or new.statement_id is not old.statement_id
  or new.fingerprint is not old.fingerprint
  or new.booked_on is not old.booked_on
  or new.amount is not old.amount
  or new.end_to_end is not old.end_to_end
  or new.reference is not old.reference
  or new.bank_ref is not old.bank_ref
begin
  select raise(abort, 'constraint:bank_line_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger bank_statement_no_update before update on bank_statement
begin
  select raise(abort, 'constraint:bank_statement_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger recovery_reference_no_update before update on recovery_reference
begin
  select raise(abort, 'constraint:recovery_reference_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger payment_no_delete before delete on payment
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:payment_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger bank_account_no_delete before delete on bank_account
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:bank_account_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger payment_batch_no_delete before delete on payment_batch
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:payment_batch_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger bank_statement_no_delete before delete on bank_statement
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:bank_statement_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger bank_line_no_delete before delete on bank_line
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:bank_line_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger recovery_reference_no_delete before delete on recovery_reference
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:recovery_reference_immutable');
end;
-- +goose StatementEnd
