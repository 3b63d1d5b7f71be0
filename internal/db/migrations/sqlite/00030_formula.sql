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
  or new.source_kind is not old.source_kind
  or new.source_id is not old.source_id
  or new.weights is not old.weights
  or new.reported_on is not old.reported_on
  or new.reported_by is not old.reported_by
begin
  select raise(abort, 'constraint:evidence_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger kpi_sheet_no_update before update on kpi_sheet
begin
  select raise(abort, 'constraint:kpi_sheet_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger kpi_sheet_no_delete before delete on kpi_sheet
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:kpi_sheet_immutable');
end;
-- +goose StatementEnd
