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

create trigger agreement_signature_no_update before update on agreement_signature for each row execute function refuse('signature_immutable');
create trigger agreement_signature_no_delete before delete on agreement_signature for each row execute function refuse_delete('signature_immutable');
create trigger agreement_signature_no_truncate before truncate on agreement_signature for each statement execute function refuse('signature_immutable');
create trigger agreement_seal_no_update before update on agreement_seal for each row execute function refuse('seal_immutable');
create trigger agreement_seal_no_delete before delete on agreement_seal for each row execute function refuse_delete('seal_immutable');
create trigger agreement_seal_no_truncate before truncate on agreement_seal for each statement execute function refuse('seal_immutable');
-- +goose StatementBegin
create function agreement_signature_in_order() returns trigger language plpgsql as $$
begin
  if new.place <> 1 + (select count(*) from agreement_signature s where s.programme_id = new.programme_id
      and s.agreement_id = new.agreement_id and s.n = new.n)
    or not exists (select 1 from agreement_version v where v.programme_id = new.programme_id and v.agreement_id = new.agreement_id
      and v.n = new.n and v.hash = new.hash and v.state = 'accepted')
    or exists (select 1 from agreement_version v where v.programme_id = new.programme_id and v.agreement_id = new.agreement_id
      and v.n > new.n and v.state = 'accepted') then
    raise exception 'constraint:signature_in_order' using errcode = '23514', constraint = 'signature_in_order';
  end if;
  return new;
end $$;
-- +goose StatementEnd
create trigger agreement_signature_in_order before insert on agreement_signature for each row execute function agreement_signature_in_order();
-- What was signed says what its version says; only another signed version changes it.
-- +goose StatementBegin
create function agreement_signed_stays() returns trigger language plpgsql as $$
begin
  if old.signed_on <> '' and (new.id is distinct from old.id or new.signed_on is distinct from old.signed_on
      or new.state in ('draft', 'negotiating', 'agreed', 'abandoned')
      or ((new.organisation_id is distinct from old.organisation_id or new.starts_on is distinct from old.starts_on or new.ends_on is distinct from old.ends_on)
        and new.version = old.version)
      or (new.version <> old.version and not exists (select 1 from agreement_signature s where s.programme_id = new.programme_id
        and s.agreement_id = new.id and s.n = new.version))) then
    raise exception 'constraint:agreement_signed' using errcode = '23514', constraint = 'agreement_signed';
  end if;
  return new;
end $$;
-- +goose StatementEnd
create trigger agreement_signed_stays before update on agreement for each row execute function agreement_signed_stays();
-- +goose StatementBegin
create function signed_ceiling_stays() returns trigger language plpgsql as $$
begin
  if new.amount <> old.amount and exists (select 1 from agreement a where a.programme_id = new.programme_id and a.id = new.agreement_id
    and a.signed_on <> '')
  and not exists (select 1 from agreement a join agreement_version v on v.programme_id = a.programme_id and v.agreement_id = a.id and v.n = a.version,
      jsonb_array_elements(v.document::jsonb -> 'ceilings') c
    where a.programme_id = new.programme_id and a.id = new.agreement_id and (c ->> 'year')::bigint = new.year
      and (c ->> 'amount')::bigint = new.amount) then
    raise exception 'constraint:agreement_signed' using errcode = '23514', constraint = 'agreement_signed';
  end if;
  return new;
end $$;
-- +goose StatementEnd
-- PostgreSQL fires triggers by name: those that say why a year is closed speak before this one.
create trigger signed_ceiling_stays before update on agreement_ceiling for each row execute function signed_ceiling_stays();
-- +goose StatementBegin
create function objective_as_signed() returns trigger language plpgsql as $$
begin
  if exists (select 1 from agreement a where a.programme_id = new.programme_id and a.id = new.agreement_id and a.signed_on <> '')
  and not exists (select 1 from agreement a join agreement_version v on v.programme_id = a.programme_id and v.agreement_id = a.id and v.n = a.version,
      jsonb_array_elements(v.document::jsonb -> 'objectives') o
    where a.programme_id = new.programme_id and a.id = new.agreement_id and (o ->> 'code') = new.code
      and (o -> 'words' ->> 'nl') = new.words_nl and (o -> 'words' ->> 'en') = new.words_en
      and (o -> 'words' ->> 'fr') = new.words_fr
      and (o ->> 'goal') = (select g.code from goal g where g.programme_id = new.programme_id and g.id = new.goal_id)) then
    raise exception 'constraint:agreement_signed' using errcode = '23514', constraint = 'agreement_signed';
  end if;
  return new;
end $$;
-- +goose StatementEnd
create trigger objective_as_signed before update on objective for each row execute function objective_as_signed();
-- +goose StatementBegin
create function assignment_as_signed() returns trigger language plpgsql as $$
begin
  if exists (select 1 from agreement a where a.programme_id = new.programme_id and a.id = new.agreement_id and a.signed_on <> '')
  and not exists (select 1 from agreement a join agreement_version v on v.programme_id = a.programme_id and v.agreement_id = a.id and v.n = a.version,
      jsonb_array_elements(v.document::jsonb -> 'kpis') k
    where a.programme_id = new.programme_id and a.id = new.agreement_id
      and (k ->> 'kpi') = (select d.code from kpi d where d.programme_id = new.programme_id and d.id = new.kpi_id)
      and (k ->> 'objective') = (select o.code from objective o where o.programme_id = new.programme_id and o.id = new.objective_id)
      and (k ->> 'rule') = new.rule and (k ->> 'baseline') = new.baseline
      and (k ->> 'weight')::bigint = new.weight and (k ->> 'floor_bp')::bigint = new.floor_bp
      and (k ->> 'cap_bp')::bigint = new.cap_bp) then
    raise exception 'constraint:agreement_signed' using errcode = '23514', constraint = 'agreement_signed';
  end if;
  return new;
end $$;
-- +goose StatementEnd
create trigger assignment_as_signed before update on assignment for each row execute function assignment_as_signed();
create trigger agreement_no_delete before delete on agreement for each row execute function refuse_delete('agreement_signed');
create trigger agreement_no_truncate before truncate on agreement for each statement execute function refuse('agreement_signed');
create trigger objective_no_delete before delete on objective for each row execute function refuse_delete('agreement_signed');
create trigger objective_no_truncate before truncate on objective for each statement execute function refuse('agreement_signed');
create trigger assignment_no_delete before delete on assignment for each row execute function refuse_delete('agreement_signed');
create trigger assignment_no_truncate before truncate on assignment for each statement execute function refuse('agreement_signed');
