-- +goose Up
-- Who signed which content, in their order. A signature is put down once and stays.
create table agreement_signature (
  programme_id ctext not null,
  agreement_id ctext not null,
  n integer not null,
  place integer not null,
  hash ctext not null,
  side ctext not null constraint signature_side check (side in ('agency', 'partner')),
  name text not null,
  title text not null,
  person_id ctext not null references person (id),
  way ctext not null constraint signature_way check (way in ('session', 'ceremony', 'elsewhere')),
  file_id ctext,
  certificate text not null,
  fingerprint ctext not null,
  trail_n bigint not null,
  signed_at ctext not null,
  primary key (programme_id, agreement_id, n, place),
  constraint signature_person_once unique (programme_id, agreement_id, n, person_id),
  constraint signature_file check ((way = 'elsewhere') = (file_id is not null)),
  foreign key (programme_id, agreement_id, n, hash) references agreement_version (programme_id, agreement_id, n, hash),
  foreign key (programme_id, file_id) references file (programme_id, id)
);
create index agreement_signature_hash on agreement_signature (programme_id, agreement_id, n, hash);
create index agreement_signature_person on agreement_signature (person_id);
create index agreement_signature_file on agreement_signature (programme_id, file_id);

-- The sealed document of a version that everybody signed, and the evidence of who signed what when.
create table agreement_seal (
  programme_id ctext not null,
  agreement_id ctext not null,
  n integer not null,
  file_id ctext not null,
  evidence_id ctext not null,
  certificate text not null,
  sealed_at ctext not null,
  primary key (programme_id, agreement_id, n),
  foreign key (programme_id, agreement_id, n) references agreement_version (programme_id, agreement_id, n),
  foreign key (programme_id, file_id) references file (programme_id, id),
  foreign key (programme_id, evidence_id) references file (programme_id, id)
);
create index agreement_seal_file on agreement_seal (programme_id, file_id);
create index agreement_seal_evidence on agreement_seal (programme_id, evidence_id);

-- +goose StatementBegin
create trigger agreement_signature_no_update before update on agreement_signature
begin
  select raise(abort, 'constraint:signature_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger agreement_signature_no_delete before delete on agreement_signature
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:signature_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger agreement_signature_in_order before insert on agreement_signature
when new.place <> 1 + (select count(*) from agreement_signature s where s.programme_id = new.programme_id
      and s.agreement_id = new.agreement_id and s.n = new.n)
    or not exists (select 1 from agreement_version v where v.programme_id = new.programme_id and v.agreement_id = new.agreement_id
      and v.n = new.n and v.hash = new.hash and v.state = 'accepted')
    or exists (select 1 from agreement_version v where v.programme_id = new.programme_id and v.agreement_id = new.agreement_id
      and v.n > new.n and v.state = 'accepted')
begin
  select raise(abort, 'constraint:signature_in_order');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger agreement_seal_no_update before update on agreement_seal
begin
  select raise(abort, 'constraint:seal_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger agreement_seal_no_delete before delete on agreement_seal
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:seal_immutable');
end;
-- +goose StatementEnd
-- What was signed says what its version says; only another signed version changes it.
-- +goose StatementBegin
create trigger agreement_signed_stays before update on agreement
when old.signed_on <> '' and (new.id is not old.id or new.signed_on is not old.signed_on
      or new.state in ('draft', 'negotiating', 'agreed', 'abandoned')
      or ((new.organisation_id is not old.organisation_id or new.starts_on is not old.starts_on or new.ends_on is not old.ends_on)
        and new.version = old.version)
      or (new.version <> old.version and not exists (select 1 from agreement_signature s where s.programme_id = new.programme_id
        and s.agreement_id = new.id and s.n = new.version)))
begin
  select raise(abort, 'constraint:agreement_signed');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger agreement_no_delete before delete on agreement
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:agreement_signed');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger signed_ceiling_stays before update on agreement_ceiling
when new.amount <> old.amount and exists (select 1 from agreement a where a.programme_id = new.programme_id and a.id = new.agreement_id
    and a.signed_on <> '')
  and not exists (select 1 from agreement a join agreement_version v on v.programme_id = a.programme_id and v.agreement_id = a.id and v.n = a.version,
      json_each(v.document, '$.ceilings') c
    where a.programme_id = new.programme_id and a.id = new.agreement_id and json_extract(c.value, '$.year') = new.year
      and json_extract(c.value, '$.amount') = new.amount)
begin
  select raise(abort, 'constraint:agreement_signed');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger objective_as_signed before update on objective
when exists (select 1 from agreement a where a.programme_id = new.programme_id and a.id = new.agreement_id and a.signed_on <> '')
  and not exists (select 1 from agreement a join agreement_version v on v.programme_id = a.programme_id and v.agreement_id = a.id and v.n = a.version,
      json_each(v.document, '$.objectives') o
    where a.programme_id = new.programme_id and a.id = new.agreement_id and json_extract(o.value, '$.code') = new.code
      and json_extract(o.value, '$.words.nl') = new.words_nl and json_extract(o.value, '$.words.en') = new.words_en
      and json_extract(o.value, '$.words.fr') = new.words_fr
      and json_extract(o.value, '$.goal') = (select g.code from goal g where g.programme_id = new.programme_id and g.id = new.goal_id))
begin
  select raise(abort, 'constraint:agreement_signed');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger objective_no_delete before delete on objective
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:agreement_signed');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger assignment_as_signed before update on assignment
when exists (select 1 from agreement a where a.programme_id = new.programme_id and a.id = new.agreement_id and a.signed_on <> '')
  and not exists (select 1 from agreement a join agreement_version v on v.programme_id = a.programme_id and v.agreement_id = a.id and v.n = a.version,
      json_each(v.document, '$.kpis') k
    where a.programme_id = new.programme_id and a.id = new.agreement_id
      and json_extract(k.value, '$.kpi') = (select d.code from kpi d where d.programme_id = new.programme_id and d.id = new.kpi_id)
      and json_extract(k.value, '$.objective') = (select o.code from objective o where o.programme_id = new.programme_id and o.id = new.objective_id)
      and json_extract(k.value, '$.rule') = new.rule and json_extract(k.value, '$.baseline') = new.baseline
      and json_extract(k.value, '$.weight') = new.weight and json_extract(k.value, '$.floor_bp') = new.floor_bp
      and json_extract(k.value, '$.cap_bp') = new.cap_bp)
begin
  select raise(abort, 'constraint:agreement_signed');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger assignment_no_delete before delete on assignment
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:agreement_signed');
end;
-- +goose StatementEnd
