-- +goose Up
-- Agreements as documents: templates, versions and who accepted them.
create table clause_template (
  programme_id ctext not null references programme (id),
  code ctext not null,
  position integer not null,
  level integer not null constraint clause_level check (level in (1, 2)),
  title_nl text not null, title_en text not null, title_fr text not null,
  text_nl text not null, text_en text not null, text_fr text not null,
  primary key (programme_id, code)
);

-- A version is an immutable snapshot; only its state moves, away from proposed, once.
create table agreement_version (
  programme_id ctext not null,
  agreement_id ctext not null,
  n integer not null constraint version_number check (n >= 1),
  side ctext not null constraint version_side check (side in ('agency', 'partner')),
  document text not null,
  hash ctext not null,
  note text not null,
  amends integer not null,
  made_at ctext not null,
  made_by ctext references person (id),
  answer_by ctext not null,
  state ctext not null constraint version_state check (state in ('proposed', 'countered', 'withdrawn', 'superseded', 'accepted')),
  state_at ctext not null,
  state_by ctext references person (id),
  primary key (programme_id, agreement_id, n),
  unique (programme_id, agreement_id, n, hash),
  foreign key (programme_id, agreement_id) references agreement (programme_id, id)
);
create index agreement_version_made_by on agreement_version (made_by);
create index agreement_version_state_by on agreement_version (state_by);

-- Who bound their side to which content.
create table agreement_acceptance (
  programme_id ctext not null,
  agreement_id ctext not null,
  n integer not null,
  side ctext not null constraint acceptance_side check (side in ('agency', 'partner')),
  hash ctext not null,
  accepted_at ctext not null,
  accepted_by ctext references person (id),
  primary key (programme_id, agreement_id, n, side),
  foreign key (programme_id, agreement_id, n, hash) references agreement_version (programme_id, agreement_id, n, hash)
);
create index agreement_acceptance_hash on agreement_acceptance (programme_id, agreement_id, n, hash);
create index agreement_acceptance_by on agreement_acceptance (accepted_by);

-- Most of a KPI's weight that is paid.
alter table assignment add column cap_bp integer not null default 10000 constraint assignment_cap check (cap_bp between 1 and 10000);
-- Days for an answer to a proposal.
alter table programme_rule add column answer_days integer not null default 14 constraint rule_answer check (answer_days between 1 and 365);
create trigger agreement_version_stays before update on agreement_version for each row
  when (old.state <> 'proposed'
  or new.programme_id is distinct from old.programme_id
  or new.agreement_id is distinct from old.agreement_id
  or new.n is distinct from old.n
  or new.side is distinct from old.side
  or new.document is distinct from old.document
  or new.hash is distinct from old.hash
  or new.note is distinct from old.note
  or new.amends is distinct from old.amends
  or new.made_at is distinct from old.made_at
  or new.made_by is distinct from old.made_by
  or new.answer_by is distinct from old.answer_by)
  execute function refuse('agreement_version_immutable');
create trigger agreement_version_no_delete before delete on agreement_version for each row execute function refuse_delete('agreement_version_immutable');
-- +goose StatementBegin
create function agreement_version_both() returns trigger language plpgsql as $$
begin
  if new.state = 'accepted' and (select count(*) from agreement_acceptance a where a.programme_id = new.programme_id
      and a.agreement_id = new.agreement_id and a.n = new.n and a.hash = new.hash) <> 2 then
    raise exception 'constraint:version_both' using errcode = '23514', constraint = 'version_both';
  end if;
  return new;
end $$;
-- +goose StatementEnd
create trigger agreement_version_both before update on agreement_version for each row execute function agreement_version_both();
create trigger agreement_version_begins before insert on agreement_version for each row when (new.state <> 'proposed') execute function refuse('version_both');
create trigger agreement_acceptance_no_update before update on agreement_acceptance for each row execute function refuse('agreement_acceptance_immutable');
create trigger agreement_acceptance_no_delete before delete on agreement_acceptance for each row execute function refuse_delete('agreement_acceptance_immutable');
create trigger agreement_version_no_truncate before truncate on agreement_version for each statement execute function refuse('agreement_version_immutable');
create trigger agreement_acceptance_no_truncate before truncate on agreement_acceptance for each statement execute function refuse('agreement_acceptance_immutable');
