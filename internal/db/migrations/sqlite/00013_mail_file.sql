-- +goose Up
-- A letter to one person: said in the reader's language when it was asked for, posted by a job, kept to read where no server is set.
create table mail (
  programme_id ctext not null references programme (id),
  id ctext not null,
  once_key ctext,
  person_id ctext references person (id),
  address text not null,
  name text not null,
  language ctext not null constraint mail_language check (language in ('nl', 'en', 'fr')),
  subject text not null,
  body text not null,
  action text not null,
  path text not null,
  state ctext not null constraint mail_state check (state in ('waiting', 'sent', 'kept', 'refused', 'failed')),
  tries integer not null,
  reply integer not null,
  asked_at ctext not null,
  done_at ctext not null,
  primary key (programme_id, id),
  constraint mail_once unique (programme_id, once_key)
);
create index mail_person on mail (person_id);
create index mail_waiting on mail (programme_id, state, id);

-- A proof: what it is, and apart from it its bytes, in parts of base64 under their SHA-256, so that equal bytes are kept once.
create table file (
  programme_id ctext not null references programme (id),
  id ctext not null,
  organisation_id ctext references organisation (id),
  name text not null,
  type ctext not null,
  size bigint not null constraint file_size check (size > 0),
  sha256 ctext not null,
  scan ctext not null constraint file_scan check (scan in ('clean', 'not-scanned')),
  added_at ctext not null,
  added_by ctext references person (id),
  primary key (programme_id, id)
);
create index file_sha256 on file (programme_id, sha256);
create index file_organisation on file (organisation_id);
create index file_added_by on file (added_by);

create table file_part (
  programme_id ctext not null references programme (id),
  sha256 ctext not null,
  n integer not null,
  data ctext not null,
  primary key (programme_id, sha256, n)
);

-- +goose StatementBegin
create trigger file_no_update before update on file
begin
  select raise(abort, 'constraint:file_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger file_no_delete before delete on file
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:file_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger file_part_no_update before update on file_part
begin
  select raise(abort, 'constraint:file_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger file_part_no_delete before delete on file_part
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:file_immutable');
end;
-- +goose StatementEnd
