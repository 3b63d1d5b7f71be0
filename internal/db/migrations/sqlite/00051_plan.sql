-- +goose Up
-- A partner's activity programme of a year. Its activities are those that the partner leads in that year; here stands how far the plan is, what
-- was said about it, and what it held when it was submitted and approved.
create table plan (
  programme_id ctext not null references programme (id),
  id ctext not null,
  organisation_id ctext not null references organisation (id),
  year integer not null,
  state ctext not null constraint plan_state check (state in ('draft', 'submitted', 'withdrawn', 'returned', 'approved', 'amended')),
  steps integer not null,
  primary key (programme_id, id)
);
create unique index plan_year on plan (programme_id, organisation_id, year);
create index plan_organisation on plan (organisation_id);

create table plan_step (
  programme_id ctext not null,
  plan_id ctext not null,
  n integer not null,
  verb ctext not null,
  state ctext not null,
  remark text not null,
  done_on ctext not null,
  done_by ctext references person (id),
  primary key (programme_id, plan_id, n),
  foreign key (programme_id, plan_id) references plan (programme_id, id)
);
create index plan_step_done_by on plan_step (done_by);

create table plan_line (
  programme_id ctext not null,
  plan_id ctext not null,
  n integer not null,
  activity_id ctext not null,
  title text not null,
  said text not null,
  primary key (programme_id, plan_id, n, activity_id),
  foreign key (programme_id, plan_id, n) references plan_step (programme_id, plan_id, n),
  foreign key (programme_id, activity_id) references activity (programme_id, id)
);
create index plan_line_activity on plan_line (programme_id, activity_id);
-- +goose StatementBegin
create trigger plan_step_no_update before update on plan_step
begin
  select raise(abort, 'constraint:plan_step_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger plan_step_no_delete before delete on plan_step
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:plan_step_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger plan_line_no_update before update on plan_line
begin
  select raise(abort, 'constraint:plan_line_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger plan_line_no_delete before delete on plan_line
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:plan_line_immutable');
end;
-- +goose StatementEnd
