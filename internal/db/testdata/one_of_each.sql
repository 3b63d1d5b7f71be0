-- One row in every table, for the tests of constraints, triggers and plans. IDs end in the number of the noun; people are 01 to 04.
insert into organisation (id, code, name, short_name, kind, calendar_group, position, sort_key, vat_recoverable_bp)
  values ('00000000-0000-7000-8000-000000000101', 'agency', 'Agency', 'Agency', 'agency', '', 1, 'agency', 0);
insert into organisation (id, code, name, short_name, kind, calendar_group, position, sort_key, vat_recoverable_bp)
  values ('00000000-0000-7000-8000-000000000102', 'partner', 'Partner', 'Partner', 'partner', '', 2, 'partner', 0);
insert into person (id, email, name, password_hash, language, disabled)
  values ('00000000-0000-7000-8000-000000000001', 'one@example.org', 'One', '', 'nl', 0);
insert into person (id, email, name, password_hash, language, disabled)
  values ('00000000-0000-7000-8000-000000000002', 'two@example.org', 'Two', '', 'en', 0);
insert into person (id, email, name, password_hash, language, disabled)
  values ('00000000-0000-7000-8000-000000000003', 'three@example.org', 'Three', '', 'fr', 0);
insert into company (id, scheme, number, name, sort_key, postcode, city, country, sector, size_class, size_source, size_year, nace, parent_country)
  values ('00000000-0000-7000-8000-000000000201', 'be', '0123456749', 'Company', 'company', '9000', 'Gent', 'BE', 'food', 'small', '', 2018, '', '');
insert into company_root (company_id, root_id)
  values ('00000000-0000-7000-8000-000000000201', '00000000-0000-7000-8000-000000000201');
insert into company (id, scheme, number, name, sort_key, postcode, city, country, sector, size_class, size_source, size_year, nace, parent_country)
  values ('00000000-0000-7000-8000-000000000202', 'be', '0123456848', 'Twin', 'twin', '9000', 'Gent', 'BE', 'food', 'small', '', 2018, '', '');
insert into company_merge (id, from_id, into_id, merged_on, merged_by, reason, undone_on, undone_by, undone_reason)
  values ('00000000-0000-7000-8000-000000000211', '00000000-0000-7000-8000-000000000202', '00000000-0000-7000-8000-000000000201', '2018-01-01',
    '00000000-0000-7000-8000-000000000001', 'one company', '', null, '');
insert into company_apart (id, a_id, b_id, facts, said_on, said_by, reason, undone_on, undone_by, undone_reason)
  values ('00000000-0000-7000-8000-000000000212', '00000000-0000-7000-8000-000000000201', '00000000-0000-7000-8000-000000000202', 'f', '2018-01-01',
    '00000000-0000-7000-8000-000000000001', 'two', '', null, '');
insert into membership (person_id, organisation_id, company_id, role)
  values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000101', null, 'controller');
insert into membership (person_id, organisation_id, company_id, role)
  values ('00000000-0000-7000-8000-000000000002', null, '00000000-0000-7000-8000-000000000201', 'company');
insert into session (token_hash, data, expires_at) values ('token', '', '2030-01-01T00:00:00.000000Z');
insert into programme (id, code, name_nl, name_en, name_fr, note_nl, note_en, note_fr, strategy_nl, strategy_en, strategy_fr,
    starts_on, ends_on, currency, agency_id, invented, state, source_hash)
  values ('00000000-0000-7000-8000-000000000301', 'programme', '', '', '', '', '', '', '', '', '',
    '2017-01-01', '2021-12-31', 'EUR', '00000000-0000-7000-8000-000000000101', 1, 'importing', '');
insert into programme_head (programme_id, seq, audit_count, audit_hash) values ('00000000-0000-7000-8000-000000000301', 0, 0, '');
insert into programme_rule (programme_id, starts_on, rate_bp, performance_bp, advance_bp, objection_days, carry_over_bp, year_of)
  values ('00000000-0000-7000-8000-000000000301', '2017-01-01', 5000, 2000, 3000, 30, 0, 'delivered');
insert into goal (programme_id, id, code, position, name_nl, name_en, name_fr)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000401', 'goal', 1, '', '', '');
insert into envelope (programme_id, year, amount) values ('00000000-0000-7000-8000-000000000301', 2018, 100000000);
insert into decision (programme_id, id, code, kind, dated, body, words, taken_by, state, agreement_id, year, subject_kind, subject_id, amount,
    until, proposed_on, proposed_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000501', 'decision', 'waiver', '2018-12-01', '', '',
    '00000000-0000-7000-8000-000000000001', 'taken', null, 0, '', '', 0, '', '2018-12-01', null);
insert into kpi (programme_id, id, code, position, version, name_nl, name_en, name_fr, short_nl, short_en, short_fr, unit, kinds,
    activity_types, joint_only, aggregate, measure, threshold, joint, direction, decimals, min_sample, verified_only, cockpit)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000601', 'kpi', 1, 1, '', '', '', '', '', '', '', 'held',
    '', 0, 'mean', '', '', 'full', 'up', 0, 0, 0, 1);
insert into kpi_sheet (programme_id, kpi_id, version, from_year, defined_on, defined_by, reason, content)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000601', 1, 2017, '2016-12-20',
    '00000000-0000-7000-8000-000000000001', '', '{}');
insert into agreement (programme_id, id, organisation_id, state, version, starts_on, ends_on, signed_on)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000701', '00000000-0000-7000-8000-000000000102', 'active', 1,
    '2017-01-01', '2021-12-31', '2016-12-20');
insert into agreement_ceiling (programme_id, agreement_id, year, amount, carried)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000701', 2018, 12000000, 0);
insert into objective (programme_id, id, agreement_id, goal_id, code, position, words_nl, words_en, words_fr)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000801', '00000000-0000-7000-8000-000000000701',
    '00000000-0000-7000-8000-000000000401', 'objective', 1, '', '', '');
insert into assignment (programme_id, id, agreement_id, objective_id, kpi_id, rule, baseline, weight, floor_bp)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000901', '00000000-0000-7000-8000-000000000701',
    '00000000-0000-7000-8000-000000000801', '00000000-0000-7000-8000-000000000601', 'level', '0', 1, 0);
insert into target (programme_id, assignment_id, year, set_on, value, reason)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000901', 2018, '2016-12-20', '10', '');
insert into clause_template (programme_id, code, position, level, title_nl, title_en, title_fr, text_nl, text_en, text_fr)
  values ('00000000-0000-7000-8000-000000000301', 'clause', 1, 1, '', '', '', '', '', '');
insert into agreement_version (programme_id, agreement_id, n, side, document, hash, note, amends, made_at, made_by, answer_by, state, state_at,
    state_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000701', 1, 'agency', '{}', 'hash', '', 0,
    '2016-12-20T09:00:00.000000Z', '00000000-0000-7000-8000-000000000001', '2017-01-03', 'proposed', '2016-12-20T09:00:00.000000Z', null);
insert into agreement_acceptance (programme_id, agreement_id, n, side, hash, accepted_at, accepted_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000701', 1, 'agency', 'hash',
    '2016-12-20T09:00:00.000000Z', '00000000-0000-7000-8000-000000000001');
insert into agreement_comment (programme_id, id, agreement_id, n, place, side, words, reply_to, made_at, made_by, state, settled_at, settled_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000711', '00000000-0000-7000-8000-000000000701', 1, '', 'agency',
    'words', null, '2016-12-21T09:00:00.000000Z', '00000000-0000-7000-8000-000000000001', 'open', '', null);
insert into agreement_draft (programme_id, agreement_id, side, revision, base_n, based_on, aside, document, saved_at, saved_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000701', 'agency', 1, 1, 0, 0, '{}',
    '2016-12-21T09:00:00.000000Z', '00000000-0000-7000-8000-000000000001');
insert into waiver (programme_id, assignment_id, year, decision_id)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000901', 2018, '00000000-0000-7000-8000-000000000501');
insert into activity (programme_id, id, code, title, type, state, starts_on, ends_on, place, city, country, url, language, markets, sectors,
    needs, places, organisers, reason)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001001', 'activity', 'Activity', 'mission', 'held',
    '2018-05-01', '2018-05-03', 'onsite', '', 'JP', '', '', 'JP', 'food', 'contacts', 0, 1, '');
insert into activity_organiser (programme_id, activity_id, organisation_id, position, weight)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001001', '00000000-0000-7000-8000-000000000102', 1, 1);
insert into participation (programme_id, id, activity_id, company_id, state, recorded_on)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001101', '00000000-0000-7000-8000-000000001001',
    '00000000-0000-7000-8000-000000000201', 'attended', '2018-05-04');
insert into outcome (programme_id, id, code, kind, company_id, activity_id, dated, market, sector, need, amount, quantity, recorded_on)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001201', 'outcome', 'win',
    '00000000-0000-7000-8000-000000000201', '00000000-0000-7000-8000-000000001001', '2018-09-01', 'JP', 'food', '', 1000, '', '2018-09-02');
insert into evidence (programme_id, id, kind, year, dated, company_id, activity_id, activity_type, organisers, market, sector, need, amount,
    quantity, source_kind, source_id, weights, reported_on, reported_by, state, state_on)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001301', 'participation', 2018, '2018-05-01',
    '00000000-0000-7000-8000-000000000201', '00000000-0000-7000-8000-000000001001', 'mission', 1, 'JP', 'food', 'contacts', null,
    '1', 'participation', '00000000-0000-7000-8000-000000001101', 1, '2018-05-04', null, 'reported', '2018-05-04');
insert into evidence_credit (programme_id, evidence_id, organisation_id, year, weight)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001301', '00000000-0000-7000-8000-000000000102', 2018, 1);
insert into evidence_share (programme_id, evidence_id, version, organisation_id, weight, set_on, set_by, reason)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001301', 1, '00000000-0000-7000-8000-000000000102', 1, '2018-05-04', null, '');
insert into evidence_file (programme_id, evidence_id, sha256, name, added_on, added_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001301', 'hash', 'list.pdf', '2018-05-04', null);
insert into evidence_sample (programme_id, id, year, kind, organisation_id, seed, population, size, drawn_on, drawn_by, closed_on)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001311', 2018, 'participation', '00000000-0000-7000-8000-000000000102', 'seed', 1, 1, '2018-06-01',
    '00000000-0000-7000-8000-000000000001', '');
insert into evidence_sampled (programme_id, sample_id, evidence_id, drawn)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001311', '00000000-0000-7000-8000-000000001301', 1);
insert into evidence_decision (programme_id, evidence_id, n, state, decided_on, decided_by, reason)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001301', 1, 'reported', '2018-05-04', null, '');
insert into claim (programme_id, id, agreement_id, year, number, state, submitted_on, entered_by, verified_on, verified_by, approved_on,
    approved_by, accepted, due)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001401', '00000000-0000-7000-8000-000000000701', 2018, 1,
    'approved', '2018-07-01', '00000000-0000-7000-8000-000000000001', '2018-07-05', '00000000-0000-7000-8000-000000000002', '2018-07-09',
    '00000000-0000-7000-8000-000000000003', 10000, 4000);
insert into cost_item (programme_id, id, ref, claim_id, agreement_id, year, activity_id, category, description, supplier, invoice, invoice_key,
    invoiced_on, delivered_on, currency, rate, rate_on, rate_source, net, vat, other_money, rate_bp, eligible, state, deducted, accepted,
    reason_code, reason, decided_on, decided_by, returns_id, kind, hours, hour_rate, allocation_bp, vat_recoverable_bp, income, cap, flat_bp,
    credits, invoice_total, procured, paid_on, shared_id, row_hash)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001501', 'item', '00000000-0000-7000-8000-000000001401',
    '00000000-0000-7000-8000-000000000701', 2018, null, 'travel', '', '', 'F1', 'be-f1', '2018-05-10', '2018-05-03', 'EUR', '1', '', '',
    10000, 0, 0, 5000, 10000, 'accepted', 0, 10000, '', '', '2018-07-05', '00000000-0000-7000-8000-000000000002', null,
    'invoice', '', 0, 10000, 0, 0, 0, 0, '', 10000, 0, '', null, '');
insert into invoice (key, currency, total) values ('be-f1', 'EUR', 10000);
insert into category_rule (programme_id, category, starts_on, kinds, cap, hour_cap, flat_bp, flat_of)
  values ('00000000-0000-7000-8000-000000000301', 'travel', '2018-01-01', 'invoice', 0, 0, 0, '');
insert into claim_rule (programme_id, starts_on, sample_bp, sample_from, sample_seed, second_from, proof_from, claim_days, reply_days, parked_days)
  values ('00000000-0000-7000-8000-000000000301', '2018-01-01', 1000, 500000, 1, 0, 0, 90, 14, 180);
insert into shared_invoice (programme_id, id, activity_id, category, description, supplier, invoice, invoiced_on, delivered_on, currency, rate,
    rate_on, rate_source, net, vat, entered_on, entered_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001511', null, 'travel', '', '', 'F2', '2018-05-10', '2018-05-03', 'EUR', '', '', '', 100, 21,
    '2018-06-01', '00000000-0000-7000-8000-000000000001');
insert into shared_part (programme_id, shared_id, organisation_id, position, weight, net, vat)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001511', '00000000-0000-7000-8000-000000000101', 1, 1, 100, 21);
insert into item_sample (programme_id, item_id, rule, reason, added_on, added_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001501', 'hand', 'odd', '2018-07-03', '00000000-0000-7000-8000-000000000002');
insert into claim_message (programme_id, claim_id, n, item_id, kind, written_on, written_by, reply_by, words)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001401', 1, null, 'question', '2018-07-03', '00000000-0000-7000-8000-000000000002', '2018-07-17', '');
insert into claim_objection (programme_id, claim_id, n, state, raised_on, raised_by, words, answered_on, answered_by, answer)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001401', 1, 'raised', '2018-07-12', '00000000-0000-7000-8000-000000000001', '', '', null, '');
insert into ceiling_change (programme_id, agreement_id, year, decision_id, amount, carried, due, dated)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000701', 2018, '00000000-0000-7000-8000-000000000501', 100, 0, 0,
    '2018-12-01');
insert into cost_mapping (programme_id, organisation_id, header, mapping, used_on)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000101', 'header', '', '2018-06-01');
insert into payment (programme_id, id, agreement_id, year, kind, claim_id, amount, state, ordered_on, ordered_by, approved_by, executed_on)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001601', '00000000-0000-7000-8000-000000000701', 2018,
    'claim', '00000000-0000-7000-8000-000000001401', 4000, 'executed', '2018-07-10', '00000000-0000-7000-8000-000000000001',
    '00000000-0000-7000-8000-000000000002', '2018-07-12');
insert into correction (programme_id, id, agreement_id, year, item_id, cost, due, reason, dated, decided_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001701', '00000000-0000-7000-8000-000000000701', 2018,
    '00000000-0000-7000-8000-000000001501', 100, -40, 'double', '2018-08-01', null);
insert into posting (programme_id, entry_id, n, line, account, agreement_id, year, booked_on, amount)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001801', 1, 1, 'Expenses:Contribution',
    '00000000-0000-7000-8000-000000000701', 2018, '2018-07-09', 4000);
insert into posting (programme_id, entry_id, n, line, account, agreement_id, year, booked_on, amount)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001801', 2, 1, 'Liabilities:Payable',
    '00000000-0000-7000-8000-000000000701', 2018, '2018-07-09', -4000);
insert into entry (programme_id, id, n, key, event, booked_on, recorded_at, agreement_id, year, subject_kind, subject_id, reverses_id, postings)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001801', 1, 'claim-approved/1', 'claim-approved', '2018-07-09',
    '2018-07-09T09:00:00.000000Z', '00000000-0000-7000-8000-000000000701', 2018, 'claim', '00000000-0000-7000-8000-000000001401', null, 2);
insert into settlement (programme_id, id, agreement_id, year, version, state, facts_hash, accepted, half, cost_part, pool, score_bp,
    performance, final, own, paid, balance, reckoning, computed_on, computed_by, communicated_on, communicated_by, objection_until, final_on,
    final_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001901', '00000000-0000-7000-8000-000000000701', 2018, 1,
    'computed', '', 10000, 5000, 4000, 1000, 7300, 730, 4730, 5270, 4000, 730, '', '2019-02-01', '00000000-0000-7000-8000-000000000001', '', null,
    '', '', null);
insert into cell (programme_id, settlement_id, assignment_id, status, numerator, denominator, sample, target, attainment_bp, payout_bp, weight,
    evidence_hash)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001901', '00000000-0000-7000-8000-000000000901', 'value', '8',
    '', 8, '10', 8000, 8000, 1, '');
insert into cell_evidence (programme_id, settlement_id, assignment_id, evidence_id)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001901', '00000000-0000-7000-8000-000000000901',
    '00000000-0000-7000-8000-000000001301');
insert into settlement_objection (programme_id, settlement_id, reason, objected_on, objected_by, outcome, answer, answered_on, answered_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001901', 'a mission is missing', '2019-02-10',
    '00000000-0000-7000-8000-000000000001', '', '', '', null);
insert into settlement_recall (programme_id, settlement_id, reason, recalled_on, recalled_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001901', 'a payment came back', '2019-02-11',
    '00000000-0000-7000-8000-000000000001');
insert into upload (programme_id, id, kind, file, sha256, row_count, loaded_at)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000002001', 'activities', 'a.csv', 'sum', 1,
    '2018-05-04T09:00:00.000000Z');
insert into audit (scope, n, at, actor, verb, object_kind, object_id, digest, hash)
  values ('00000000-0000-7000-8000-000000000301', 1, '2018-05-04T09:00:00.000000Z', 'system:import', 'programme.import', 'programme',
    '00000000-0000-7000-8000-000000000301', '', '');
insert into audit_words (scope, n, salt, before, after, person_id)
  values ('00000000-0000-7000-8000-000000000301', 1, 'salt', '', '{}', '');
insert into criterion (programme_id, id, code, position, weight, name_nl, name_en, name_fr, hint_nl, hint_en, hint_fr)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000002101', 'reach', 1, 40, '', '', '', '', '', '');
insert into candidate (programme_id, id, organisation_id, state, motive, entered_by, entered_on, decided_by, decided_on, reason, agreement_id)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000002201', '00000000-0000-7000-8000-000000000102', 'named', 'why',
    '00000000-0000-7000-8000-000000000001', '2016-09-01', null, '', '', null);
insert into candidate_answer (programme_id, candidate_id, criterion_id, words)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000002201', '00000000-0000-7000-8000-000000002101', 'answer');
insert into interest (programme_id, candidate_id, person_id, conflict, words, declared_on)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000002201', '00000000-0000-7000-8000-000000000002', 0, '', '2016-09-02');
insert into score (programme_id, candidate_id, person_id, criterion_id, points, words, scored_on)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000002201', '00000000-0000-7000-8000-000000000002',
    '00000000-0000-7000-8000-000000002101', 4, 'good', '2016-09-03');
insert into mail (programme_id, id, once_key, person_id, address, name, language, subject, body, action, path, state, tries, reply, asked_at,
    done_at)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000002101', 'once', '00000000-0000-7000-8000-000000000001',
    'one@example.org', 'One', 'nl', '', '', '', '', 'sent', 1, 250, '2018-05-04T09:00:00.000000Z', '2018-05-04T09:00:01.000000Z');
insert into file (programme_id, id, organisation_id, name, type, size, sha256, scan, added_at, added_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000002201', '00000000-0000-7000-8000-000000000102', 'a.pdf',
    'application/pdf', 3, 'sum', 'clean', '2018-05-04T09:00:00.000000Z', '00000000-0000-7000-8000-000000000001');
insert into file_part (programme_id, sha256, n, data) values ('00000000-0000-7000-8000-000000000301', 'sum', 1, 'YWJj');
insert into agreement_version (programme_id, agreement_id, n, side, document, hash, note, amends, made_at, made_by, answer_by, state, state_at,
    state_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000701', 2, 'agency', '{}', 'other', '', 0,
    '2016-12-20T09:00:00.000000Z', '00000000-0000-7000-8000-000000000001', '2017-01-03', 'proposed', '2016-12-20T09:00:00.000000Z', null);
insert into agreement_acceptance (programme_id, agreement_id, n, side, hash, accepted_at, accepted_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000701', 2, 'agency', 'other', '2016-12-20T09:00:00.000000Z', '00000000-0000-7000-8000-000000000001');
insert into agreement_acceptance (programme_id, agreement_id, n, side, hash, accepted_at, accepted_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000701', 2, 'partner', 'other', '2016-12-20T09:00:00.000000Z', '00000000-0000-7000-8000-000000000002');
update agreement_version set state = 'accepted' where n = 2;
insert into agreement_signature (programme_id, agreement_id, n, place, hash, side, name, title, person_id, way, file_id, certificate, fingerprint,
    trail_n, signed_at)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000701', 2, 1, 'other', 'agency', 'One', '',
    '00000000-0000-7000-8000-000000000001', 'session', null, '', '', 1, '2016-12-20T09:00:00.000000Z');
insert into agreement_seal (programme_id, agreement_id, n, file_id, evidence_id, certificate, sealed_at)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000701', 2, '00000000-0000-7000-8000-000000002201',
    '00000000-0000-7000-8000-000000002201', '', '2016-12-20T09:00:00.000000Z');
insert into bank_account (programme_id, id, organisation_id, iban, bic, holder, state, words, proposed_on, proposed_by, decided_on, decided_by,
    effective_on)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000003001', '00000000-0000-7000-8000-000000000102', 'BE68539007547034',
    '', 'Voka', 'proposed', '', '2018-01-01', '00000000-0000-7000-8000-000000000001', '', null, '');
insert into payment_batch (programme_id, id, number, state, execute_on, account_id, total, payments, prepared_on, prepared_by, approved_on,
    approved_by, exported_at, exported_by, sha256, content, closed_on)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000003101', 1, 'prepared', '2018-01-05',
    '00000000-0000-7000-8000-000000003001', 100, 1, '2018-01-02', '00000000-0000-7000-8000-000000000001', '', null, '', null, '', '', '');
insert into recovery_reference (programme_id, agreement_id, year, reference)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000701', 2018, '010806817183');
insert into bank_statement (programme_id, id, sha256, position, file_name, account, statement_ref, from_on, until_on, opening, closing, lines, fresh,
    imported_at, imported_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000003201', 'sum', 1, 'a.xml', 'BE68539007547034', '1', '2018-01-01',
    '2018-01-31', 0, 100, 1, 1, '2018-02-01T09:00:00.000000Z', '00000000-0000-7000-8000-000000000001');
insert into bank_line (programme_id, id, statement_id, fingerprint, booked_on, amount, end_to_end, block, reference, party, account, words,
    bank_ref, returned, state, why, payment_id, reason, decided_on, decided_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000003301', '00000000-0000-7000-8000-000000003201', 'print', '2018-01-05', 100,
    '', '', '', '', '', '', '', '', 'open', 'unknown', null, '', '', null);
update programme set state = 'open' where code = 'programme';
insert into api_token (id, person_id, name, secret_hash, scopes, made_at, expires_on, revoked_at, last_used_on)
  values ('00000000-0000-7000-8000-000000002001', '00000000-0000-7000-8000-000000000001', 'Token', '', 'activity:read',
    '2018-01-01T00:00:00.000000Z', '2019-01-01', '', '');
insert into calendar_key (id, person_id, secret_hash, made_at, last_used_on)
  values ('00000000-0000-7000-8000-000000002002', '00000000-0000-7000-8000-000000000001', '', '2018-01-01T00:00:00.000000Z', '');
insert into api_reply (programme_id, person_id, key, request_hash, location, body, made_at)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000001', 'key', '', '', '{}',
    '2018-01-01T00:00:00.000000Z');
insert into measure (programme_id, id, kpi_id, organisation_id, year, quarter, n, status, value, numerator, denominator, evidence_id, source,
    said_on, said_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000993', '00000000-0000-7000-8000-000000000601',
    '00000000-0000-7000-8000-000000000102', 2018, 0, 1, 'not-reported', '', '', '', null, 'file.csv', '2018-12-01', null);
insert into finding_answer (programme_id, id, year, rule, subject, facts, outcome, reason, answered_on, answered_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000991', 2018, 'often', 's', '20/20', 'explained', 'a coach',
    '2018-12-01', '00000000-0000-7000-8000-000000000001');
insert into alert (programme_id, id, rule, year, organisation_id, kpi_id, subject, state, owner_id, grade, n, against, bore_grade, bore, raised_on,
    due_on, steps)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000992', 'behind', 2018, '00000000-0000-7000-8000-000000000102',
    '00000000-0000-7000-8000-000000000601', '00000000-0000-7000-8000-000000000601', 'open', '00000000-0000-7000-8000-000000000001', 1, 1000, 2500, 0, 0,
    '2018-04-01', '2018-06-30', 1);
insert into alert_step (programme_id, alert_id, n, state, owner_id, grade, found, against, done_on, done_by, reason)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000992', 1, 'open', '00000000-0000-7000-8000-000000000001', 1, 1000,
    2500, '2018-04-01', null, '');
insert into knowledge_item (programme_id, id, number, organisation_id, kind, state, reach, language, title, body, markets, sectors, needs, version, reason,
    made_by, made_at, published_on, changed_at, revision)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000004001', 1, '00000000-0000-7000-8000-000000000102', 'report', 'published', 1, 'nl', 'India', 'Markt', 'IN', 'food', 'contacts', 1, '', '00000000-0000-7000-8000-000000000001',
    '2018-01-01T00:00:00.000000Z', '2018-01-01', '2018-01-01T00:00:00.000000Z', 1);
insert into knowledge_version (programme_id, item_id, version, reach, language, title, body, markets, sectors, needs, files, note, published_by, published_at)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000004001', 1, 1, 'nl', 'India', 'Markt', 'IN', 'food', 'contacts', '', '', '00000000-0000-7000-8000-000000000001', '2018-01-01T00:00:00.000000Z');
insert into knowledge_file (programme_id, item_id, file_id, position) values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000004001', '00000000-0000-7000-8000-000000002201', 1);
insert into knowledge_text (programme_id, file_id, why, words, read_at, body)
values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000002201', '', 1, '2018-05-08T09:00:00.000000Z', 'India');
insert into knowledge_miss (programme_id, day, words, asker, market, sector, need, times)
values ('00000000-0000-7000-8000-000000000301', '2018-05-08', 'quinoa', 'partner', '', '', '', 1);
insert into knowledge_use (programme_id, item_id, organisation_id, year, purpose, used_by, used_on)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000004001', '00000000-0000-7000-8000-000000000102', 2018, 'a mission', '00000000-0000-7000-8000-000000000001', '2018-02-01');
insert into knowledge_entry (programme_id, item_id, number, terms, words) values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000004001', 1, 'nl:india=K', 'india');
insert into knowledge_posting (programme_id, term, block, postings) values ('00000000-0000-7000-8000-000000000301', 'nl:india', 0, 'YK');
insert into knowledge_word (programme_id, word, reversed, items) values ('00000000-0000-7000-8000-000000000301', 'india', 'aidni', 1);
insert into knowledge_form (programme_id, form, word) values ('00000000-0000-7000-8000-000000000301', 'ndia', 'india');
insert into question (programme_id, id, organisation_id, state, language, title, body, markets, sectors, asked_by, asked_at)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000004002', '00000000-0000-7000-8000-000000000102', 'open', 'nl', 'Wie kent India?', 'Een agent.', 'IN', 'food', '00000000-0000-7000-8000-000000000001', '2018-01-01T00:00:00.000000Z');
insert into answer (programme_id, id, question_id, organisation_id, item_id, body, answered_by, answered_at)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000004003', '00000000-0000-7000-8000-000000004002', '00000000-0000-7000-8000-000000000102', '00000000-0000-7000-8000-000000004001', 'Wij.', '00000000-0000-7000-8000-000000000001', '2018-01-02T00:00:00.000000Z');
insert into partner_change (programme_id, id, agreement_id, kind, effective_on, was, became, successor_id, reason, made_at, made_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000004101', '00000000-0000-7000-8000-000000000701', 'name',
    '2018-01-01', 'Voka', 'Voka anew', null, 'a new name', '2018-01-01T09:00:00.000000Z', '00000000-0000-7000-8000-000000000001');
insert into activity (programme_id, id, code, title, type, state, starts_on, ends_on, place, city, country, url, language, markets, sectors,
    needs, places, organisers, reason)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001002', 'another', 'Another', 'mission', 'planned',
    '2018-05-01', '2018-05-03', 'onsite', '', 'JP', '', '', 'JP', 'food', 'contacts', 0, 1, '');
insert into overlap (programme_id, id, a_id, b_id, kind, score_bp, state, facts, steps)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000995', '00000000-0000-7000-8000-000000001001',
    '00000000-0000-7000-8000-000000001002', 'same', 9000, 'open', '', 1);
insert into overlap_step (programme_id, overlap_id, n, verb, state, reason, done_on, done_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000995', 1, 'overlap.propose', 'open', '', '2018-01-01',
    '00000000-0000-7000-8000-000000000001');
insert into overlap_offer (programme_id, id, overlap_id, keep_id, state, note, made_on, made_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000996', '00000000-0000-7000-8000-000000000995',
    '00000000-0000-7000-8000-000000001001', 'open', '', '2018-01-01', '00000000-0000-7000-8000-000000000001');
insert into overlap_share (programme_id, offer_id, organisation_id, position, weight, needed, agreed_on, agreed_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000996', '00000000-0000-7000-8000-000000000102', 0, 1, 1, '2018-01-01',
    '00000000-0000-7000-8000-000000000001');
insert into book_close (programme_id, year, until, accrued, closed_on, closed_by)
  values ('00000000-0000-7000-8000-000000000301', 2016, '2016-12-31', 0, '2017-03-01', null);
insert into plan (programme_id, id, organisation_id, year, state, steps)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000997', '00000000-0000-7000-8000-000000000102', 2018, 'submitted', 1);
insert into plan_step (programme_id, plan_id, n, verb, state, remark, done_on, done_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000997', 1, 'plan.submit', 'submitted', '', '2018-01-01',
    '00000000-0000-7000-8000-000000000001');
insert into plan_line (programme_id, plan_id, n, activity_id, title, said)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000997', 1, '00000000-0000-7000-8000-000000001002', 'Another', '');
insert into rule_change (programme_id, id, part, category, starts_on, reason, made_on, made_by)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000004501', 'category', 'travel', '2018-01-01', 'a cap',
    '2018-01-01', '00000000-0000-7000-8000-000000000001');
insert into planned_cost (programme_id, activity_id, category, amount)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001002', 'travel', 100);
insert into planned_effect (programme_id, activity_id, kpi_id, value)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000001002', '00000000-0000-7000-8000-000000000601', '1');
insert into priority (programme_id, market, sector, need, set_on)
  values ('00000000-0000-7000-8000-000000000301', 'IN', 'food', '', '2018-01-01');
insert into feed (programme_id, id, organisation_id, url, state, type, markets, sectors, needs, every_hours, next_at, etag, modified, runs, made_by, made_at)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000998', '00000000-0000-7000-8000-000000000102', 'https://partner.example/a.ics',
    'active', 'seminar', '', '', '', 24, '2018-01-01T00:00:00.000000Z', '', '', 1, '00000000-0000-7000-8000-000000000001', '2018-01-01T00:00:00.000000Z');
insert into feed_run (programme_id, feed_id, n, done_at, done_by, outcome, fault, seen, outside, counts)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000998', 1, '2018-01-01T00:00:00.000000Z', '00000000-0000-7000-8000-000000000001',
    'read', '{}', 1, 0, '{}');
insert into feed_line (programme_id, feed_id, run, n, kind, at_line, title, activity_id, said)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000998', 1, 0, 'added', 3, 'Another', '00000000-0000-7000-8000-000000001002', '{}');
insert into feed_item (programme_id, feed_id, key, activity_id, said, listed)
  values ('00000000-0000-7000-8000-000000000301', '00000000-0000-7000-8000-000000000998', 'uid', '00000000-0000-7000-8000-000000001002', '{}', 1);
