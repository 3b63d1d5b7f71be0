-- +goose Up
-- What a rule found worrying, with who looks after it. One row for a matter of a year; its steps are kept. bore and bore_grade tell how bad it
-- was when somebody let it rest: it comes back only when it is worse.
create table alert (
  programme_id ctext not null references programme (id),
  id ctext not null,
  rule ctext not null constraint alert_rule check (rule in ('behind', 'chance', 'late', 'quality', 'stake')),
  year integer not null,
  organisation_id ctext not null references organisation (id),
  kpi_id ctext,
  subject ctext not null,
  state ctext not null constraint alert_state check (state in ('open', 'taken-up', 'silenced', 'resolved')),
  owner_id ctext references person (id),
  grade smallint not null constraint alert_grade check (grade in (1, 2)),
  n bigint not null,
  against bigint not null,
  bore_grade smallint not null,
  bore bigint not null,
  raised_on ctext not null,
  due_on ctext not null,
  steps integer not null,
  primary key (programme_id, id),
  foreign key (programme_id, kpi_id) references kpi (programme_id, id)
);
create unique index alert_matter on alert (programme_id, year, rule, organisation_id, subject);
create index alert_kpi on alert (programme_id, kpi_id);
create index alert_organisation on alert (organisation_id);
create index alert_owner on alert (owner_id);

create table alert_step (
  programme_id ctext not null,
  alert_id ctext not null,
  n integer not null,
  state ctext not null,
  owner_id ctext references person (id),
  grade smallint not null,
  found bigint not null,
  against bigint not null,
  done_on ctext not null,
  done_by ctext references person (id),
  reason text not null,
  primary key (programme_id, alert_id, n),
  foreign key (programme_id, alert_id) references alert (programme_id, id)
);
create index alert_step_owner on alert_step (owner_id);
create index alert_step_done_by on alert_step (done_by);
-- +goose StatementBegin
create trigger alert_silence before update on alert
when new.state = 'silenced' and old.state <> 'silenced'
  and not exists (select 1 from alert_step s where s.programme_id = new.programme_id and s.alert_id = new.id and s.n = new.steps
    and s.state = 'silenced' and s.reason <> '')
begin
  select raise(abort, 'constraint:alert_silent');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger alert_step_no_update before update on alert_step
begin
  select raise(abort, 'constraint:alert_step_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger alert_step_no_delete before delete on alert_step
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:alert_step_immutable');
end;
-- +goose StatementEnd
