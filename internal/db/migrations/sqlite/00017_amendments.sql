-- +goose Up
-- What an amendment cannot change, whoever writes: the ceiling of a settled year, a ceiling below what approved claims make due with the pool
-- that their half holds and the advance that is not used up, and a target of a settled year. A half is given back by the least one whose
-- cost part is what was made due.
-- +goose StatementBegin
create trigger ceiling_settled before update on agreement_ceiling
when new.amount <> old.amount and exists (select 1 from settlement s where s.programme_id = new.programme_id and s.agreement_id = new.agreement_id
  and s.year = new.year and s.state in ('communicated', 'objection', 'final'))
begin
  select raise(abort, 'constraint:ceiling_settled');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger ceiling_bound before update on agreement_ceiling
when new.amount < old.amount and new.amount + new.carried < coalesce(((coalesce((select sum(c.due) from claim c where c.programme_id = new.programme_id and c.agreement_id = new.agreement_id
      and c.year = new.year and c.approved_on <> ''), 0)
    + coalesce((select sum(k.due) from correction k where k.programme_id = new.programme_id and k.agreement_id = new.agreement_id
      and k.year = new.year), 0)) * 10000 + 9999 - coalesce((select r.performance_bp from programme_rule r where r.programme_id = new.programme_id and r.starts_on = (
      select max(x.starts_on) from programme_rule x where x.programme_id = new.programme_id and x.starts_on <= new.year || '-12-31')), 0)) / nullif(10000 - coalesce((select r.performance_bp from programme_rule r where r.programme_id = new.programme_id and r.starts_on = (
      select max(x.starts_on) from programme_rule x where x.programme_id = new.programme_id and x.starts_on <= new.year || '-12-31')), 0), 0), 0)
  + coalesce((select sum(p.amount) from posting p where p.programme_id = new.programme_id and p.agreement_id = new.agreement_id
      and p.year = new.year and p.account = 'Assets:Advances'), 0)
begin
  select raise(abort, 'constraint:ceiling_bound');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger target_settled before insert on target
when exists (select 1 from assignment a join settlement s on s.programme_id = a.programme_id and s.agreement_id = a.agreement_id
  where a.programme_id = new.programme_id and a.id = new.assignment_id and s.year = new.year and s.state in ('communicated', 'objection', 'final'))
begin
  select raise(abort, 'constraint:target_settled');
end;
-- +goose StatementEnd
