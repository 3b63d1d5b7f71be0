-- +goose Up
-- What an activity is planned to cost, by category, and to bring for KPIs; and when it is, where its days are not set yet: a year, a month, a
-- quarter or a season, whose first and last day stand as its days.
alter table activity add column around ctext not null default '';

create table planned_cost (
  programme_id ctext not null,
  activity_id ctext not null,
  category ctext not null,
  amount bigint not null constraint planned_cost_amount check (amount > 0),
  primary key (programme_id, activity_id, category),
  foreign key (programme_id, activity_id) references activity (programme_id, id)
);

create table planned_effect (
  programme_id ctext not null,
  activity_id ctext not null,
  kpi_id ctext not null,
  value ctext not null,
  primary key (programme_id, activity_id, kpi_id),
  foreign key (programme_id, activity_id) references activity (programme_id, id),
  foreign key (programme_id, kpi_id) references kpi (programme_id, id)
);
create index planned_effect_kpi on planned_effect (programme_id, kpi_id);
