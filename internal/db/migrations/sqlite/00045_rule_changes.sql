-- +goose Up
-- That somebody changed what a programme says of money, from a day on, and why. What it says then is in programme_rule, claim_rule or
-- category_rule under the same day.
create table rule_change (
  programme_id ctext not null references programme (id),
  id ctext not null,
  part ctext not null constraint rule_change_part check (part in ('programme', 'claim', 'category')),
  category ctext not null,
  starts_on ctext not null,
  reason text not null constraint rule_change_reason check (reason <> ''),
  made_on ctext not null,
  made_by ctext references person (id),
  primary key (programme_id, id),
  constraint rule_change_category check (part <> 'category' or category <> '')
);
create unique index rule_change_once on rule_change (programme_id, part, category, starts_on);
create index rule_change_made_by on rule_change (made_by);

-- +goose StatementBegin
create trigger rule_change_no_update before update on rule_change
begin
  select raise(abort, 'constraint:rule_change_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger rule_change_no_delete before delete on rule_change
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:rule_change_immutable');
end;
-- +goose StatementEnd
