-- +goose Up
-- Why the agency called back a settlement that it had communicated: once a version, and it never changes.
create table settlement_recall (
  programme_id ctext not null,
  settlement_id ctext not null,
  reason text not null constraint recall_reason check (reason <> ''),
  recalled_on ctext not null,
  recalled_by ctext references person (id),
  primary key (programme_id, settlement_id),
  foreign key (programme_id, settlement_id) references settlement (programme_id, id)
);
create index settlement_recall_recalled_by on settlement_recall (recalled_by);
-- +goose StatementBegin
create trigger settlement_recall_stays before update on settlement_recall
begin
  select raise(abort, 'constraint:settlement_recall_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger settlement_recall_no_delete before delete on settlement_recall
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:settlement_recall_immutable');
end;
-- +goose StatementEnd
