-- +goose Up
-- What formulas ask of a row beyond its first facts: the value adjusted for what would have happened anyway, and marks such as announced
-- or first-export. seq is the programme's write that made the row or moved its state last, so that a cache reads only what it misses.
alter table evidence add column adjusted bigint;
alter table evidence add column marks ctext not null default '';
alter table evidence add column seq bigint not null default 0;
create index evidence_seq on evidence (programme_id, seq);
alter table kpi add column formula text not null default '';

-- Definition sheets: every version of a KPI as it was decided, whole, as canonical JSON. The kpi row holds the newest.
create table kpi_sheet (
  programme_id ctext not null,
  kpi_id ctext not null,
  version integer not null constraint sheet_version check (version >= 1),
  from_year integer not null,
  defined_on ctext not null,
  defined_by ctext references person (id),
  reason text not null,
  content text not null,
  primary key (programme_id, kpi_id, version),
  foreign key (programme_id, kpi_id) references kpi (programme_id, id)
);
create index kpi_sheet_defined_by on kpi_sheet (defined_by);
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
  or new.source_kind is distinct from old.source_kind
  or new.source_id is distinct from old.source_id
  or new.weights is distinct from old.weights
  or new.reported_on is distinct from old.reported_on
  or new.reported_by is distinct from old.reported_by)
  execute function refuse('evidence_immutable');
create trigger kpi_sheet_no_update before update on kpi_sheet for each row execute function refuse('kpi_sheet_immutable');
create trigger kpi_sheet_no_delete before delete on kpi_sheet for each row execute function refuse_delete('kpi_sheet_immutable');
create trigger kpi_sheet_no_truncate before truncate on kpi_sheet for each statement execute function refuse('kpi_sheet_immutable');
