-- +goose Up
-- A program signs with its person's token: that is a way of its own.
drop trigger agreement_signed_stays;
create table agreement_signature_anew (
  programme_id ctext not null,
  agreement_id ctext not null,
  n integer not null,
  place integer not null,
  hash ctext not null,
  side ctext not null constraint signature_side check (side in ('agency', 'partner')),
  name text not null,
  title text not null,
  person_id ctext not null references person (id),
  way ctext not null constraint signature_way check (way in ('session', 'token', 'ceremony', 'elsewhere')),
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
insert into agreement_signature_anew select * from agreement_signature;
drop table agreement_signature;
alter table agreement_signature_anew rename to agreement_signature;
create index agreement_signature_hash on agreement_signature (programme_id, agreement_id, n, hash);
create index agreement_signature_person on agreement_signature (person_id);
create index agreement_signature_file on agreement_signature (programme_id, file_id);

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
