-- +goose Up
-- What an amendment cannot change, whoever writes: the ceiling of a settled year, a ceiling below what approved claims make due with the pool
-- that their half holds and the advance that is not used up, and a target of a settled year. A half is given back by the least one whose
-- cost part is what was made due.
-- +goose StatementBegin
create function ceiling_settled() returns trigger language plpgsql as $$
begin
  if new.amount <> old.amount and exists (select 1 from settlement s where s.programme_id = new.programme_id and s.agreement_id = new.agreement_id
  and s.year = new.year and s.state in ('communicated', 'objection', 'final')) then
    raise exception 'constraint:ceiling_settled' using errcode = '23514', constraint = 'ceiling_settled';
  end if;
  return new;
end $$;
-- +goose StatementEnd
create trigger ceiling_settled before update on agreement_ceiling for each row execute function ceiling_settled();
-- +goose StatementBegin
create function ceiling_bound() returns trigger language plpgsql as $$
declare
  due bigint;
  performance integer;
  advance bigint;
begin
  due := (coalesce((select sum(c.due) from claim c where c.programme_id = new.programme_id and c.agreement_id = new.agreement_id
      and c.year = new.year and c.approved_on <> ''), 0)
    + coalesce((select sum(k.due) from correction k where k.programme_id = new.programme_id and k.agreement_id = new.agreement_id
      and k.year = new.year), 0));
  performance := coalesce((select r.performance_bp from programme_rule r where r.programme_id = new.programme_id and r.starts_on = (
      select max(x.starts_on) from programme_rule x where x.programme_id = new.programme_id and x.starts_on <= cast(new.year as text) || '-12-31')), 0);
  advance := coalesce((select sum(p.amount) from posting p where p.programme_id = new.programme_id and p.agreement_id = new.agreement_id
      and p.year = new.year and p.account = 'Assets:Advances'), 0);
  if new.amount < old.amount and new.amount + new.carried < coalesce((due * 10000 + 9999 - performance) / nullif(10000 - performance, 0), 0) + advance then
    raise exception 'constraint:ceiling_bound' using errcode = '23514', constraint = 'ceiling_bound';
  end if;
  return new;
end $$;
-- +goose StatementEnd
create trigger ceiling_bound before update on agreement_ceiling for each row execute function ceiling_bound();
-- +goose StatementBegin
create function target_settled() returns trigger language plpgsql as $$
begin
  if exists (select 1 from assignment a join settlement s on s.programme_id = a.programme_id and s.agreement_id = a.agreement_id
  where a.programme_id = new.programme_id and a.id = new.assignment_id and s.year = new.year and s.state in ('communicated', 'objection', 'final')) then
    raise exception 'constraint:target_settled' using errcode = '23514', constraint = 'target_settled';
  end if;
  return new;
end $$;
-- +goose StatementEnd
create trigger target_settled before insert on target for each row execute function target_settled();
