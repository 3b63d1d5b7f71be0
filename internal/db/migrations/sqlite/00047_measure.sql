-- +goose Up
-- A declared row may speak for one KPI: its quantity is what somebody says of it, and no other figure counts the row.
alter table evidence add column kpi_id ctext constraint evidence_kpi_declared check (kpi_id is null or (kind = 'declared' and quantity <> ''));
drop trigger evidence_facts_stay;
-- +goose StatementBegin
create trigger evidence_facts_stay before update on evidence
when new.programme_id is not old.programme_id
  or new.id is not old.id
  or new.kind is not old.kind
  or new.year is not old.year
  or new.dated is not old.dated
  or new.company_id is not old.company_id
  or new.activity_id is not old.activity_id
  or new.activity_type is not old.activity_type
  or new.organisers is not old.organisers
  or new.market is not old.market
  or new.sector is not old.sector
  or new.need is not old.need
  or new.amount is not old.amount
  or new.adjusted is not old.adjusted
  or new.quantity is not old.quantity
  or new.marks is not old.marks
  or new.kpi_id is not old.kpi_id
  or new.source_kind is not old.source_kind
  or new.source_id is not old.source_id
  or new.reported_on is not old.reported_on
  or new.reported_by is not old.reported_by
begin
  select raise(abort, 'constraint:evidence_immutable');
end;
-- +goose StatementEnd
-- Of a target, in basis points, what declared evidence may add where it pays.
alter table programme_rule add column declared_bp integer not null default 0 constraint rule_declared check (declared_bp between 0 and 10000);

-- What a partner states of a KPI for a year (quarter 0) or a quarter: a value, or that nothing is reported. A statement is never changed: a later
-- one, with the next n, takes its place. A value leaves declared evidence; that nothing is reported leaves none, and is not 0.
create table measure (
  programme_id ctext not null references programme (id),
  id ctext not null,
  kpi_id ctext not null,
  organisation_id ctext not null references organisation (id),
  year integer not null,
  quarter integer not null constraint measure_quarter check (quarter between 0 and 4),
  n integer not null constraint measure_n check (n >= 1),
  status ctext not null constraint measure_status check (status in ('value', 'not-reported')),
  value ctext not null,
  numerator ctext not null,
  denominator ctext not null,
  evidence_id ctext,
  source text not null,
  said_on ctext not null,
  said_by ctext references person (id),
  primary key (programme_id, id),
  constraint measure_once unique (programme_id, kpi_id, organisation_id, year, quarter, n),
  constraint measure_zero check ((status = 'value' and value <> '' and evidence_id is not null)
    or (status = 'not-reported' and value = '' and numerator = '' and denominator = '' and evidence_id is null)),
  foreign key (programme_id, kpi_id) references kpi (programme_id, id),
  foreign key (programme_id, evidence_id) references evidence (programme_id, id)
);
create index measure_year on measure (programme_id, year);
create index measure_organisation on measure (organisation_id);
create index measure_evidence on measure (programme_id, evidence_id);
create index measure_said_by on measure (said_by);
-- +goose StatementBegin
create trigger measure_no_update before update on measure
begin
  select raise(abort, 'constraint:measure_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger measure_no_delete before delete on measure
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:measure_immutable');
end;
-- +goose StatementEnd
