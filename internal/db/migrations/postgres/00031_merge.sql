-- +goose Up
-- Merges of companies: an edge from the company that is no longer one of its own to the one that it stands for. Which company each stands for
-- follows from the edges that are not undone, so that undoing one is exact. seq is the agency's write that moved a root last.
alter table company_root add column seq bigint not null default 0;
create index company_root_seq on company_root (seq);
create table company_merge (
  id ctext not null primary key,
  from_id ctext not null references company (id),
  into_id ctext not null references company (id),
  merged_on ctext not null,
  merged_by ctext references person (id),
  reason text not null,
  undone_on ctext not null,
  undone_by ctext references person (id),
  undone_reason text not null,
  constraint merge_other check (from_id <> into_id)
);
create index company_merge_from on company_merge (from_id);
create index company_merge_into on company_merge (into_id);
create index company_merge_merged_by on company_merge (merged_by);
create index company_merge_undone_by on company_merge (undone_by);
create trigger company_merge_stays before update on company_merge for each row
  when (old.undone_on <> ''
  or new.id is distinct from old.id
  or new.from_id is distinct from old.from_id
  or new.into_id is distinct from old.into_id
  or new.merged_on is distinct from old.merged_on
  or new.merged_by is distinct from old.merged_by
  or new.reason is distinct from old.reason)
  execute function refuse('company_merge_immutable');
create trigger company_merge_no_delete before delete on company_merge for each row execute function refuse('company_merge_immutable');
create trigger company_merge_no_truncate before truncate on company_merge for each statement execute function refuse('company_merge_immutable');

alter table company add column seq bigint not null default 0;
create index company_seq on company (seq);

-- Credit shares beside the row that they are of, as organisation:weight in the order of the ids: who reads rows needs no second table. The
-- rows of evidence_credit are the same shares, to search by.
alter table evidence add column shares text not null default '';
alter table evidence add column credit_version integer not null default 1;
update evidence set shares = coalesce((select string_agg(c.organisation_id || ':' || c.weight, ' ' order by c.organisation_id)
  from evidence_credit c where c.programme_id = evidence.programme_id and c.evidence_id = evidence.id), '');

-- Every version of shares that were changed, the first among them.
create table evidence_share (
  programme_id ctext not null,
  evidence_id ctext not null,
  version integer not null constraint share_version check (version >= 1),
  organisation_id ctext not null references organisation (id),
  weight bigint not null constraint share_weight check (weight between 1 and 1000000),
  set_on ctext not null,
  set_by ctext references person (id),
  reason text not null,
  primary key (programme_id, evidence_id, version, organisation_id),
  foreign key (programme_id, evidence_id) references evidence (programme_id, id)
);
create index evidence_share_organisation on evidence_share (organisation_id);
create index evidence_share_set_by on evidence_share (set_by);

-- The proofs of a row, known by their content.
create table evidence_file (
  programme_id ctext not null,
  evidence_id ctext not null,
  sha256 ctext not null,
  name text not null,
  added_on ctext not null,
  added_by ctext references person (id),
  primary key (programme_id, evidence_id, sha256),
  foreign key (programme_id, evidence_id) references evidence (programme_id, id)
);
create index evidence_file_sha256 on evidence_file (programme_id, sha256);
create index evidence_file_added_by on evidence_file (added_by);

-- A sample of reported rows, drawn by a seed that anybody can draw again with, to verify in place of all of them.
create table evidence_sample (
  programme_id ctext not null references programme (id),
  id ctext not null,
  year integer not null,
  kind ctext not null,
  organisation_id ctext not null references organisation (id),
  seed ctext not null,
  population integer not null constraint sample_population check (population >= 1),
  size integer not null constraint sample_size check (size >= 1),
  drawn_on ctext not null,
  drawn_by ctext references person (id),
  closed_on ctext not null,
  primary key (programme_id, id)
);
create index evidence_sample_organisation on evidence_sample (organisation_id);
create index evidence_sample_drawn_by on evidence_sample (drawn_by);

create table evidence_sampled (
  programme_id ctext not null,
  sample_id ctext not null,
  evidence_id ctext not null,
  drawn smallint not null constraint sampled_drawn check (drawn in (0, 1)),
  primary key (programme_id, sample_id, evidence_id),
  foreign key (programme_id, sample_id) references evidence_sample (programme_id, id),
  foreign key (programme_id, evidence_id) references evidence (programme_id, id)
);
create index evidence_sampled_evidence on evidence_sampled (programme_id, evidence_id);
drop trigger evidence_facts_stay on evidence;
drop trigger evidence_credit_no_delete on evidence_credit;
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
  or new.reported_on is distinct from old.reported_on
  or new.reported_by is distinct from old.reported_by)
  execute function refuse('evidence_immutable');
-- +goose StatementBegin
create function shares_told() returns trigger language plpgsql as $$
begin
  if new.credit_version = old.credit_version + 1 and exists (select 1 from evidence_share s where s.programme_id = old.programme_id
    and s.evidence_id = old.id and s.version = new.credit_version) then return new; end if;
  raise exception 'constraint:%', tg_argv[0] using errcode = '23514', constraint = tg_argv[0];
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
create function shares_change() returns trigger language plpgsql as $$
begin
  if (select state from programme where id = old.programme_id) = 'importing' then return old; end if;
  if exists (select 1 from evidence e join evidence_share s on s.programme_id = e.programme_id and s.evidence_id = e.id
    and s.version = e.credit_version + 1 where e.programme_id = old.programme_id and e.id = old.evidence_id) then return old; end if;
  raise exception 'constraint:%', tg_argv[0] using errcode = '23514', constraint = tg_argv[0];
end $$;
-- +goose StatementEnd
create trigger evidence_credit_stays before update on evidence for each row
  when (new.weights is distinct from old.weights or new.shares is distinct from old.shares
  or new.credit_version is distinct from old.credit_version)
  execute function shares_told('evidence_immutable');
create trigger evidence_credit_no_delete before delete on evidence_credit for each row execute function shares_change('evidence_credit_immutable');
create trigger evidence_share_no_update before update on evidence_share for each row execute function refuse('evidence_share_immutable');
create trigger evidence_file_no_update before update on evidence_file for each row execute function refuse('evidence_file_immutable');
create trigger evidence_sampled_no_update before update on evidence_sampled for each row execute function refuse('evidence_sampled_immutable');
create trigger evidence_share_no_delete before delete on evidence_share for each row execute function refuse_delete('evidence_share_immutable');
create trigger evidence_share_no_truncate before truncate on evidence_share for each statement execute function refuse('evidence_share_immutable');
create trigger evidence_file_no_delete before delete on evidence_file for each row execute function refuse_delete('evidence_file_immutable');
create trigger evidence_file_no_truncate before truncate on evidence_file for each statement execute function refuse('evidence_file_immutable');
create trigger evidence_sampled_no_delete before delete on evidence_sampled for each row execute function refuse_delete('evidence_sampled_immutable');
create trigger evidence_sampled_no_truncate before truncate on evidence_sampled for each statement execute function refuse('evidence_sampled_immutable');
create trigger evidence_sample_no_delete before delete on evidence_sample for each row execute function refuse_delete('evidence_sample_immutable');
create trigger evidence_sample_no_truncate before truncate on evidence_sample for each statement execute function refuse('evidence_sample_immutable');
