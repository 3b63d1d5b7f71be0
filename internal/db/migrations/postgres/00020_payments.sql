-- +goose Up
-- Payments leave in batches to accounts that two people agreed on, and come back as lines of bank statements. What went to the bank and what
-- came from it never changes; a line that nothing matches is decided by a person, once.
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

alter table payment drop constraint payment_state;
alter table payment add constraint payment_state check (state in ('ordered', 'approved', 'executed', 'discarded', 'rejected', 'returned'));
alter table payment add column batch_id ctext;
alter table payment add column account_id ctext;
alter table payment add column end_to_end ctext;
alter table payment add column words text not null default '';
alter table payment add column undone_on ctext not null default '';
alter table payment add column undone_why text not null default '';
alter table payment add constraint payment_end_once unique (programme_id, end_to_end);
alter table payment add foreign key (programme_id, batch_id) references payment_batch (programme_id, id);
alter table payment add foreign key (programme_id, account_id) references bank_account (programme_id, id);
create index payment_batch_of on payment (programme_id, batch_id);
create index payment_account on payment (programme_id, account_id);
drop trigger payment_amount_stays on payment;

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
create trigger payment_amount_stays before update on payment for each row
  when ((old.executed_on <> '' and not (old.state = 'executed' and new.state = 'returned'))
  or (old.executed_on <> '' and new.executed_on <> old.executed_on)
  or new.amount is distinct from old.amount
  or new.agreement_id is distinct from old.agreement_id
  or new.year is distinct from old.year
  or new.kind is distinct from old.kind
  or new.claim_id is distinct from old.claim_id
  or new.batch_id is distinct from old.batch_id
  or new.account_id is distinct from old.account_id
  or new.end_to_end is distinct from old.end_to_end)
  execute function refuse('payment_immutable');
create trigger bank_account_stays before update on bank_account for each row
  when (old.state <> 'proposed'
  or new.programme_id is distinct from old.programme_id
  or new.id is distinct from old.id
  or new.organisation_id is distinct from old.organisation_id
  or new.iban is distinct from old.iban
  or new.bic is distinct from old.bic
  or new.holder is distinct from old.holder
  or new.proposed_on is distinct from old.proposed_on
  or new.proposed_by is distinct from old.proposed_by)
  execute function refuse('bank_account_immutable');
create trigger payment_batch_stays before update on payment_batch for each row
  when (old.state in ('executed', 'rejected', 'partly-rejected', 'discarded')
  or new.programme_id is distinct from old.programme_id
  or new.id is distinct from old.id
  or new.number is distinct from old.number
  or new.account_id is distinct from old.account_id
  or new.total is distinct from old.total
  or new.payments is distinct from old.payments
  or new.prepared_on is distinct from old.prepared_on
  or new.prepared_by is distinct from old.prepared_by
  or (old.sha256 <> '' and (new.sha256 <> old.sha256 or new.content <> old.content)))
  execute function refuse('payment_batch_immutable');
create trigger bank_line_stays before update on bank_line for each row
  when (old.state <> 'open'
  or new.programme_id is distinct from old.programme_id
  or new.id is distinct from old.id
  or new.statement_id is distinct from old.statement_id
  or new.fingerprint is distinct from old.fingerprint
  or new.booked_on is distinct from old.booked_on
  or new.amount is distinct from old.amount
  or new.end_to_end is distinct from old.end_to_end
  or new.reference is distinct from old.reference
  or new.bank_ref is distinct from old.bank_ref)
  execute function refuse('bank_line_immutable');
create trigger bank_statement_no_update before update on bank_statement for each row
  execute function refuse('bank_statement_immutable');
create trigger recovery_reference_no_update before update on recovery_reference for each row
  execute function refuse('recovery_reference_immutable');
create trigger bank_account_no_delete before delete on bank_account for each row execute function refuse_delete('bank_account_immutable');
create trigger bank_account_no_truncate before truncate on bank_account for each statement execute function refuse('bank_account_immutable');
create trigger payment_batch_no_delete before delete on payment_batch for each row execute function refuse_delete('payment_batch_immutable');
create trigger payment_batch_no_truncate before truncate on payment_batch for each statement execute function refuse('payment_batch_immutable');
create trigger bank_statement_no_delete before delete on bank_statement for each row execute function refuse_delete('bank_statement_immutable');
create trigger bank_statement_no_truncate before truncate on bank_statement for each statement execute function refuse('bank_statement_immutable');
create trigger bank_line_no_delete before delete on bank_line for each row execute function refuse_delete('bank_line_immutable');
create trigger bank_line_no_truncate before truncate on bank_line for each statement execute function refuse('bank_line_immutable');
create trigger recovery_reference_no_delete before delete on recovery_reference for each row execute function refuse_delete('recovery_reference_immutable');
create trigger recovery_reference_no_truncate before truncate on recovery_reference for each statement execute function refuse('recovery_reference_immutable');
