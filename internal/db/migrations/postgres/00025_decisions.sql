-- +goose Up
-- A decision is proposed by one and taken, or refused, by another. What it is about never changes; only whether it is taken does, once.
drop trigger decision_no_update on decision;
alter table decision alter column taken_by drop not null;
alter table decision
  add column state ctext not null default 'taken' constraint decision_state check (state in ('proposed', 'taken', 'refused')),
  add column agreement_id ctext,
  add column year integer not null default 0,
  add column subject_kind ctext not null default '',
  add column subject_id ctext not null default '',
  add column amount bigint not null default 0,
  add column until ctext not null default '',
  add column proposed_on ctext not null default '',
  add column proposed_by ctext references person (id),
  add constraint decision_four_eyes check (taken_by is null or proposed_by is null or taken_by <> proposed_by),
  add foreign key (programme_id, agreement_id) references agreement (programme_id, id);
update decision set proposed_on = dated;
alter table decision alter column state drop default, alter column year drop default, alter column subject_kind drop default,
  alter column subject_id drop default, alter column amount drop default, alter column until drop default,
  alter column proposed_on drop default;
create index decision_proposed_by on decision (proposed_by);
create index decision_agreement on decision (programme_id, agreement_id, year);
create index decision_subject on decision (programme_id, subject_kind, subject_id);
create trigger decision_stays before update on decision for each row
  when (old.state <> 'proposed'
  or new.programme_id is distinct from old.programme_id
  or new.id is distinct from old.id
  or new.code is distinct from old.code
  or new.kind is distinct from old.kind
  or new.body is distinct from old.body
  or new.words is distinct from old.words
  or new.agreement_id is distinct from old.agreement_id
  or new.year is distinct from old.year
  or new.subject_kind is distinct from old.subject_kind
  or new.subject_id is distinct from old.subject_id
  or new.amount is distinct from old.amount
  or new.until is distinct from old.until
  or new.proposed_on is distinct from old.proposed_on
  or new.proposed_by is distinct from old.proposed_by)
  execute function refuse('decision_immutable');
