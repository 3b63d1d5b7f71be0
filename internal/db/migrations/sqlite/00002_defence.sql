-- +goose Up
-- The database defends itself: what was recorded stays as it was. A programme that is still being imported may be thrown away again.
-- +goose StatementBegin
create trigger posting_no_update before update on posting
begin
  select raise(abort, 'constraint:posting_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger posting_no_delete before delete on posting
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:posting_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger entry_no_update before update on entry
begin
  select raise(abort, 'constraint:entry_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger entry_no_delete before delete on entry
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:entry_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger evidence_credit_no_update before update on evidence_credit
begin
  select raise(abort, 'constraint:evidence_credit_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger evidence_credit_no_delete before delete on evidence_credit
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:evidence_credit_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger evidence_decision_no_update before update on evidence_decision
begin
  select raise(abort, 'constraint:evidence_decision_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger evidence_decision_no_delete before delete on evidence_decision
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:evidence_decision_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger cell_no_update before update on cell
begin
  select raise(abort, 'constraint:cell_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger cell_no_delete before delete on cell
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:cell_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger cell_evidence_no_update before update on cell_evidence
begin
  select raise(abort, 'constraint:cell_evidence_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger cell_evidence_no_delete before delete on cell_evidence
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:cell_evidence_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger correction_no_update before update on correction
begin
  select raise(abort, 'constraint:correction_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger correction_no_delete before delete on correction
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:correction_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger target_no_update before update on target
begin
  select raise(abort, 'constraint:target_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger target_no_delete before delete on target
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:target_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger waiver_no_update before update on waiver
begin
  select raise(abort, 'constraint:waiver_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger waiver_no_delete before delete on waiver
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:waiver_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger decision_no_update before update on decision
begin
  select raise(abort, 'constraint:decision_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger decision_no_delete before delete on decision
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:decision_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger programme_rule_no_update before update on programme_rule
begin
  select raise(abort, 'constraint:programme_rule_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger programme_rule_no_delete before delete on programme_rule
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:programme_rule_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger evidence_no_delete before delete on evidence
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:evidence_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger settlement_no_delete before delete on settlement
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:settlement_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger agreement_ceiling_no_delete before delete on agreement_ceiling
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:agreement_ceiling_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger claim_no_delete before delete on claim
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:claim_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger cost_item_no_delete before delete on cost_item
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:cost_item_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger payment_no_delete before delete on payment
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:payment_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger upload_no_delete before delete on upload
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:upload_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger audit_no_update before update on audit
begin
  select raise(abort, 'constraint:audit_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger audit_no_delete before delete on audit
begin
  select raise(abort, 'constraint:audit_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger audit_words_no_delete before delete on audit_words
begin
  select raise(abort, 'constraint:audit_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger audit_words_erase_only before update on audit_words
when new.scope <> old.scope or new.n <> old.n or new.salt <> '' or new.before <> '' or new.after <> ''
begin
  select raise(abort, 'constraint:audit_immutable');
end;
-- +goose StatementEnd
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
  or new.quantity is not old.quantity
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
create trigger settlement_final_stays before update on settlement
when old.state = 'final'
begin
  select raise(abort, 'constraint:settlement_final');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger settlement_figures_stay before update on settlement
when new.programme_id is not old.programme_id
  or new.id is not old.id
  or new.agreement_id is not old.agreement_id
  or new.year is not old.year
  or new.version is not old.version
  or new.facts_hash is not old.facts_hash
  or new.accepted is not old.accepted
  or new.half is not old.half
  or new.cost_part is not old.cost_part
  or new.pool is not old.pool
  or new.score_bp is not old.score_bp
  or new.performance is not old.performance
  or new.final is not old.final
  or new.own is not old.own
  or new.paid is not old.paid
  or new.balance is not old.balance
  or new.reckoning is not old.reckoning
  or new.computed_on is not old.computed_on
  or new.computed_by is not old.computed_by
begin
  select raise(abort, 'constraint:settlement_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger claim_approved_stays before update on claim
when old.approved_on <> '' and (new.accepted <> old.accepted or new.due <> old.due or new.approved_on <> old.approved_on or new.approved_by is not old.approved_by)
begin
  select raise(abort, 'constraint:claim_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger payment_amount_stays before update on payment
when old.executed_on <> '' or new.amount <> old.amount or new.agreement_id <> old.agreement_id or new.year <> old.year or new.kind <> old.kind
begin
  select raise(abort, 'constraint:payment_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger programme_opens_once before update on programme
when old.state = 'open' and new.state <> 'open'
begin
  select raise(abort, 'constraint:programme_opens_once');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger posting_before_entry before insert on posting
when exists (select 1 from entry e where e.programme_id = new.programme_id and e.id = new.entry_id)
begin
  select raise(abort, 'constraint:posting_before_entry');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger entry_adds_up before insert on entry
begin
  select raise(abort, 'constraint:ledger_balance') where exists (
    select 1 from posting p where p.programme_id = new.programme_id and p.entry_id = new.id
    group by p.line having sum(p.amount) <> 0);
  select raise(abort, 'constraint:ledger_count') where new.postings <> (
    select count(*) from posting p where p.programme_id = new.programme_id and p.entry_id = new.id);
  select raise(abort, 'constraint:ledger_ceiling') where exists (
    select 1 from (select distinct agreement_id, year from posting
      where programme_id = new.programme_id and entry_id = new.id and account = 'Expenses:Contribution') a
    where (select sum(p.amount) from posting p where p.programme_id = new.programme_id and p.agreement_id = a.agreement_id
        and p.year = a.year and p.account = 'Expenses:Contribution')
      not between 0 and coalesce((select c.amount + c.carried from agreement_ceiling c where c.programme_id = new.programme_id
        and c.agreement_id = a.agreement_id and c.year = a.year), 0));
end;
-- +goose StatementEnd
