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
create trigger settlement_recall_stays before update on settlement_recall for each row execute function refuse('settlement_recall_immutable');
create trigger settlement_recall_no_delete before delete on settlement_recall for each row execute function refuse_delete('settlement_recall_immutable');
create trigger settlement_recall_no_truncate before truncate on settlement_recall for each statement execute function refuse('settlement_recall_immutable');
