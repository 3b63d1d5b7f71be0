-- +goose Up
-- A decision is proposed by one and taken, or refused, by another. What it is about never changes; only whether it is taken does, once.
pragma defer_foreign_keys = on;
create table decision_before as select * from decision;
drop table decision;
create table decision (
  programme_id ctext not null references programme (id),
  id ctext not null,
  code ctext not null,
  kind ctext not null constraint decision_kind check (kind in ('overrun', 'carry-over', 'write-off', 'waiver', 'cancelled-cost',
    'adjustment', 'extension', 'mandate')),
  dated ctext not null,
  body text not null,
  words text not null,
  taken_by ctext references person (id),
  state ctext not null constraint decision_state check (state in ('proposed', 'taken', 'refused')),
  agreement_id ctext,
  year integer not null,
  subject_kind ctext not null,
  subject_id ctext not null,
  amount bigint not null,
  until ctext not null,
  proposed_on ctext not null,
  proposed_by ctext references person (id),
  primary key (programme_id, id),
  constraint decision_code_once unique (programme_id, code),
  constraint decision_four_eyes check (taken_by is null or proposed_by is null or taken_by <> proposed_by),
  foreign key (programme_id, agreement_id) references agreement (programme_id, id)
);
insert into decision (programme_id, id, code, kind, dated, body, words, taken_by, state, agreement_id, year, subject_kind, subject_id, amount,
  until, proposed_on, proposed_by)
select programme_id, id, code, kind, dated, body, words, taken_by, 'taken', null, 0, '', '', 0, '', dated, null from decision_before;
drop table decision_before;
create index decision_taken_by on decision (taken_by);
create index decision_proposed_by on decision (proposed_by);
create index decision_agreement on decision (programme_id, agreement_id, year);
create index decision_subject on decision (programme_id, subject_kind, subject_id);
-- +goose StatementBegin
create trigger decision_no_delete before delete on decision
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:decision_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger decision_stays before update on decision
when old.state <> 'proposed'
  or new.programme_id is not old.programme_id
  or new.id is not old.id
  or new.code is not old.code
  or new.kind is not old.kind
  or new.body is not old.body
  or new.words is not old.words
  or new.agreement_id is not old.agreement_id
  or new.year is not old.year
  or new.subject_kind is not old.subject_kind
  or new.subject_id is not old.subject_id
  or new.amount is not old.amount
  or new.until is not old.until
  or new.proposed_on is not old.proposed_on
  or new.proposed_by is not old.proposed_by
begin
  select raise(abort, 'constraint:decision_immutable');
end;
-- +goose StatementEnd
