-- +goose Up
-- What changed about a partner while its agreement runs: a new name, the division through which it acts, that another agreement took its own
-- over. What was signed keeps the words that it was signed in.
alter table agreement add column division text not null default '';
create table partner_change (
  programme_id ctext not null references programme (id),
  id ctext not null,
  agreement_id ctext not null,
  kind ctext not null constraint partner_change_kind check (kind in ('name', 'division', 'merger')),
  effective_on ctext not null,
  was text not null,
  became text not null,
  successor_id ctext,
  reason text not null constraint partner_change_reason check (reason <> ''),
  made_at ctext not null,
  made_by ctext references person (id),
  primary key (programme_id, id),
  constraint partner_change_successor check ((kind = 'merger') = (successor_id is not null)),
  foreign key (programme_id, agreement_id) references agreement (programme_id, id),
  foreign key (programme_id, successor_id) references agreement (programme_id, id)
);
create index partner_change_agreement on partner_change (programme_id, agreement_id, made_at);
create index partner_change_successor_of on partner_change (programme_id, successor_id);
create index partner_change_made_by on partner_change (made_by);

-- +goose StatementBegin
create trigger partner_change_no_update before update on partner_change
begin
  select raise(abort, 'constraint:partner_change_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger partner_change_no_delete before delete on partner_change
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:partner_change_immutable');
end;
-- +goose StatementEnd
