-- +goose Up
-- What a partner has against a settlement that was communicated, and what the agency answered. One objection a version; its reason never
-- changes, its answer is given once.
create table settlement_objection (
  programme_id ctext not null,
  settlement_id ctext not null,
  reason text not null constraint objection_reason check (reason <> ''),
  objected_on ctext not null,
  objected_by ctext references person (id),
  outcome ctext not null constraint objection_outcome check (outcome in ('', 'upheld', 'dismissed')),
  answer text not null,
  answered_on ctext not null,
  answered_by ctext references person (id),
  primary key (programme_id, settlement_id),
  constraint objection_answered check ((outcome = '') = (answer = '') and (outcome = '') = (answered_on = '')),
  foreign key (programme_id, settlement_id) references settlement (programme_id, id)
);
create index settlement_objection_objected_by on settlement_objection (objected_by);
create index settlement_objection_answered_by on settlement_objection (answered_by);
-- +goose StatementBegin
create trigger settlement_objection_stays before update on settlement_objection
when old.outcome <> ''
  or new.programme_id is not old.programme_id
  or new.settlement_id is not old.settlement_id
  or new.reason is not old.reason
  or new.objected_on is not old.objected_on
  or new.objected_by is not old.objected_by
begin
  select raise(abort, 'constraint:settlement_objection_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger settlement_objection_no_delete before delete on settlement_objection
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:settlement_objection_immutable');
end;
-- +goose StatementEnd
