-- +goose Up
-- A pair of companies that somebody looked at and found to be two. It holds for the facts by which they were compared, kept as their hash:
-- once one of them changes, the pair is asked about again.
create table company_apart (
  id ctext not null primary key,
  a_id ctext not null references company (id),
  b_id ctext not null references company (id),
  facts ctext not null,
  said_on ctext not null,
  said_by ctext references person (id),
  reason text not null,
  undone_on ctext not null,
  undone_by ctext references person (id),
  undone_reason text not null,
  constraint apart_order check (a_id < b_id)
);
create unique index company_apart_once on company_apart (a_id, b_id, facts) where undone_on = '';
create index company_apart_b on company_apart (b_id);
create index company_apart_said_by on company_apart (said_by);
create index company_apart_undone_by on company_apart (undone_by);
create trigger company_apart_stays before update on company_apart for each row
  when (old.undone_on <> ''
  or new.id is distinct from old.id
  or new.a_id is distinct from old.a_id
  or new.b_id is distinct from old.b_id
  or new.facts is distinct from old.facts
  or new.said_on is distinct from old.said_on
  or new.said_by is distinct from old.said_by
  or new.reason is distinct from old.reason)
  execute function refuse('company_apart_immutable');
create trigger company_apart_no_delete before delete on company_apart for each row execute function refuse('company_apart_immutable');
create trigger company_apart_no_truncate before truncate on company_apart for each statement execute function refuse('company_apart_immutable');
