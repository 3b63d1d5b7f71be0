-- +goose Up
-- The database defends itself: what was recorded stays as it was. A programme that is still being imported may be thrown away again.
-- +goose StatementBegin
create function refuse() returns trigger language plpgsql as $$
begin
  raise exception 'constraint:%', tg_argv[0] using errcode = '23514', constraint = tg_argv[0];
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
create function refuse_delete() returns trigger language plpgsql as $$
begin
  if (select state from programme where id = old.programme_id) = 'importing' then return old; end if;
  raise exception 'constraint:%', tg_argv[0] using errcode = '23514', constraint = tg_argv[0];
end $$;
-- +goose StatementEnd
create trigger posting_no_update before update on posting for each row execute function refuse('posting_immutable');
create trigger posting_no_delete before delete on posting for each row execute function refuse_delete('posting_immutable');
create trigger entry_no_update before update on entry for each row execute function refuse('entry_immutable');
create trigger entry_no_delete before delete on entry for each row execute function refuse_delete('entry_immutable');
create trigger evidence_credit_no_update before update on evidence_credit for each row execute function refuse('evidence_credit_immutable');
create trigger evidence_credit_no_delete before delete on evidence_credit for each row execute function refuse_delete('evidence_credit_immutable');
create trigger evidence_decision_no_update before update on evidence_decision for each row execute function refuse('evidence_decision_immutable');
create trigger evidence_decision_no_delete before delete on evidence_decision for each row execute function refuse_delete('evidence_decision_immutable');
create trigger cell_no_update before update on cell for each row execute function refuse('cell_immutable');
create trigger cell_no_delete before delete on cell for each row execute function refuse_delete('cell_immutable');
create trigger cell_evidence_no_update before update on cell_evidence for each row execute function refuse('cell_evidence_immutable');
create trigger cell_evidence_no_delete before delete on cell_evidence for each row execute function refuse_delete('cell_evidence_immutable');
create trigger correction_no_update before update on correction for each row execute function refuse('correction_immutable');
create trigger correction_no_delete before delete on correction for each row execute function refuse_delete('correction_immutable');
create trigger target_no_update before update on target for each row execute function refuse('target_immutable');
create trigger target_no_delete before delete on target for each row execute function refuse_delete('target_immutable');
create trigger waiver_no_update before update on waiver for each row execute function refuse('waiver_immutable');
create trigger waiver_no_delete before delete on waiver for each row execute function refuse_delete('waiver_immutable');
create trigger decision_no_update before update on decision for each row execute function refuse('decision_immutable');
create trigger decision_no_delete before delete on decision for each row execute function refuse_delete('decision_immutable');
create trigger programme_rule_no_update before update on programme_rule for each row execute function refuse('programme_rule_immutable');
create trigger programme_rule_no_delete before delete on programme_rule for each row execute function refuse_delete('programme_rule_immutable');
create trigger evidence_no_delete before delete on evidence for each row execute function refuse_delete('evidence_immutable');
create trigger settlement_no_delete before delete on settlement for each row execute function refuse_delete('settlement_immutable');
create trigger agreement_ceiling_no_delete before delete on agreement_ceiling for each row execute function refuse_delete('agreement_ceiling_immutable');
create trigger claim_no_delete before delete on claim for each row execute function refuse_delete('claim_immutable');
create trigger cost_item_no_delete before delete on cost_item for each row execute function refuse_delete('cost_item_immutable');
create trigger payment_no_delete before delete on payment for each row execute function refuse_delete('payment_immutable');
create trigger upload_no_delete before delete on upload for each row execute function refuse_delete('upload_immutable');
create trigger audit_no_update before update on audit for each row execute function refuse('audit_immutable');
create trigger audit_no_delete before delete on audit for each row execute function refuse('audit_immutable');
create trigger audit_words_no_delete before delete on audit_words for each row execute function refuse('audit_immutable');
create trigger audit_words_erase_only before update on audit_words for each row
  when (new.scope <> old.scope or new.n <> old.n or new.salt <> '' or new.before <> '' or new.after <> '')
  execute function refuse('audit_immutable');
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
  or new.quantity is distinct from old.quantity
  or new.source_kind is distinct from old.source_kind
  or new.source_id is distinct from old.source_id
  or new.weights is distinct from old.weights
  or new.reported_on is distinct from old.reported_on
  or new.reported_by is distinct from old.reported_by)
  execute function refuse('evidence_immutable');
create trigger settlement_final_stays before update on settlement for each row when (old.state = 'final') execute function refuse('settlement_final');
create trigger settlement_figures_stay before update on settlement for each row
  when (new.programme_id is distinct from old.programme_id
  or new.id is distinct from old.id
  or new.agreement_id is distinct from old.agreement_id
  or new.year is distinct from old.year
  or new.version is distinct from old.version
  or new.facts_hash is distinct from old.facts_hash
  or new.accepted is distinct from old.accepted
  or new.half is distinct from old.half
  or new.cost_part is distinct from old.cost_part
  or new.pool is distinct from old.pool
  or new.score_bp is distinct from old.score_bp
  or new.performance is distinct from old.performance
  or new.final is distinct from old.final
  or new.own is distinct from old.own
  or new.paid is distinct from old.paid
  or new.balance is distinct from old.balance
  or new.reckoning is distinct from old.reckoning
  or new.computed_on is distinct from old.computed_on
  or new.computed_by is distinct from old.computed_by)
  execute function refuse('settlement_immutable');
create trigger claim_approved_stays before update on claim for each row
  when (old.approved_on <> '' and (new.accepted <> old.accepted or new.due <> old.due or new.approved_on <> old.approved_on or new.approved_by is distinct from old.approved_by))
  execute function refuse('claim_immutable');
create trigger payment_amount_stays before update on payment for each row
  when (old.executed_on <> '' or new.amount <> old.amount or new.agreement_id <> old.agreement_id or new.year <> old.year or new.kind <> old.kind)
  execute function refuse('payment_immutable');
create trigger programme_opens_once before update on programme for each row when (old.state = 'open' and new.state <> 'open') execute function refuse('programme_opens_once');
-- +goose StatementBegin
create function posting_before_entry() returns trigger language plpgsql as $$
begin
  if exists (select 1 from entry e where e.programme_id = new.programme_id and e.id = new.entry_id) then
    raise exception 'constraint:posting_before_entry' using errcode = '23514', constraint = 'posting_before_entry';
  end if;
  return new;
end $$;
-- +goose StatementEnd
create trigger posting_before_entry before insert on posting for each row execute function posting_before_entry();
-- +goose StatementBegin
create function entry_adds_up() returns trigger language plpgsql as $$
begin
  if exists (select 1 from posting p where p.programme_id = new.programme_id and p.entry_id = new.id
      group by p.line having sum(p.amount) <> 0) then
    raise exception 'constraint:ledger_balance' using errcode = '23514', constraint = 'ledger_balance';
  end if;
  if new.postings <> (select count(*) from posting p where p.programme_id = new.programme_id and p.entry_id = new.id) then
    raise exception 'constraint:ledger_count' using errcode = '23514', constraint = 'ledger_count';
  end if;
  if exists (
    select 1 from (select distinct agreement_id, year from posting
      where programme_id = new.programme_id and entry_id = new.id and account = 'Expenses:Contribution') a
    where (select sum(p.amount) from posting p where p.programme_id = new.programme_id and p.agreement_id = a.agreement_id
        and p.year = a.year and p.account = 'Expenses:Contribution')
      not between 0 and coalesce((select c.amount + c.carried from agreement_ceiling c where c.programme_id = new.programme_id
        and c.agreement_id = a.agreement_id and c.year = a.year), 0)) then
    raise exception 'constraint:ledger_ceiling' using errcode = '23514', constraint = 'ledger_ceiling';
  end if;
  return new;
end $$;
-- +goose StatementEnd
create trigger entry_adds_up before insert on entry for each row execute function entry_adds_up();
create trigger posting_no_truncate before truncate on posting for each statement execute function refuse('posting_immutable');
create trigger entry_no_truncate before truncate on entry for each statement execute function refuse('entry_immutable');
create trigger evidence_no_truncate before truncate on evidence for each statement execute function refuse('evidence_immutable');
create trigger evidence_credit_no_truncate before truncate on evidence_credit for each statement execute function refuse('evidence_credit_immutable');
create trigger evidence_decision_no_truncate before truncate on evidence_decision for each statement execute function refuse('evidence_decision_immutable');
create trigger cell_no_truncate before truncate on cell for each statement execute function refuse('cell_immutable');
create trigger cell_evidence_no_truncate before truncate on cell_evidence for each statement execute function refuse('cell_evidence_immutable');
create trigger correction_no_truncate before truncate on correction for each statement execute function refuse('correction_immutable');
create trigger target_no_truncate before truncate on target for each statement execute function refuse('target_immutable');
create trigger settlement_no_truncate before truncate on settlement for each statement execute function refuse('settlement_immutable');
create trigger claim_no_truncate before truncate on claim for each statement execute function refuse('claim_immutable');
create trigger cost_item_no_truncate before truncate on cost_item for each statement execute function refuse('cost_item_immutable');
create trigger payment_no_truncate before truncate on payment for each statement execute function refuse('payment_immutable');
create trigger audit_no_truncate before truncate on audit for each statement execute function refuse('audit_immutable');
create trigger audit_words_no_truncate before truncate on audit_words for each statement execute function refuse('audit_immutable');
create trigger agreement_ceiling_no_truncate before truncate on agreement_ceiling for each statement execute function refuse('agreement_ceiling_immutable');
create trigger decision_no_truncate before truncate on decision for each statement execute function refuse('decision_immutable');
create trigger programme_rule_no_truncate before truncate on programme_rule for each statement execute function refuse('programme_rule_immutable');
create trigger upload_no_truncate before truncate on upload for each statement execute function refuse('upload_immutable');
create trigger waiver_no_truncate before truncate on waiver for each statement execute function refuse('waiver_immutable');
