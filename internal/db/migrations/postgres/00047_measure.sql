-- +goose Up
-- A declared row may speak for one KPI: its quantity is what somebody says of it, and no other figure counts the row.
alter table evidence add column kpi_id ctext constraint evidence_kpi_declared check (kpi_id is null or (kind = 'declared' and quantity <> ''));
drop trigger evidence_facts_stay on evidence;
create trigger evidence_facts_stay before update on evidence for each row
  when (new.programme_id is distinct from old.programme_id
  or new.id is distinct from old.id
  or new.kind is distinct from old.kind
  or new.year is distinct from old.year
  or new.dated is distinct from old.dated
  or new.company_id is distinct from old.company_id
  or new.activity_id is distinct from old.activity_id
  or new.activity_type is distinct from old.activity_type
  or new.organisers is distinct from old.organisers
  or new.market is distinct from old.market
  or new.sector is distinct from old.sector
  or new.need is distinct from old.need
  or new.amount is distinct from old.amount
  or new.adjusted is distinct from old.adjusted
  or new.quantity is distinct from old.quantity
  or new.marks is distinct from old.marks
  or new.kpi_id is distinct from old.kpi_id
  or new.source_kind is distinct from old.source_kind
  or new.source_id is distinct from old.source_id
  or new.reported_on is distinct from old.reported_on
  or new.reported_by is distinct from old.reported_by)
  execute function refuse('evidence_immutable');
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
create trigger measure_no_update before update on measure for each row execute function refuse('measure_immutable');
create trigger measure_no_delete before delete on measure for each row execute function refuse_delete('measure_immutable');
create trigger measure_no_truncate before truncate on measure for each statement execute function refuse('measure_immutable');
