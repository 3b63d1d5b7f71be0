-- +goose Up
-- Text that sorts by bytes on both engines.
create domain ctext as text collate "C";

-- Agency-wide tables: few, listed in a test.
create table agency_head (
  id smallint not null primary key check (id = 1),
  seq bigint not null,
  audit_count bigint not null,
  audit_hash ctext not null
);
insert into agency_head (id, seq, audit_count, audit_hash) values (1, 0, 0, '');

create table organisation (
  id ctext not null primary key,
  code ctext not null constraint organisation_code_once unique,
  name text not null,
  short_name text not null,
  kind ctext not null constraint organisation_kind check (kind in ('agency', 'partner', 'other')),
  calendar_group ctext not null,
  position integer not null,
  sort_key ctext not null,
  vat_recoverable_bp integer not null constraint organisation_vat check (vat_recoverable_bp between 0 and 10000)
);

create table person (
  id ctext not null primary key,
  email ctext not null constraint person_email_once unique,
  name text not null,
  password_hash ctext not null,
  language ctext not null constraint person_language check (language in ('nl', 'en', 'fr')),
  disabled smallint not null constraint person_disabled check (disabled in (0, 1))
);

create table company (
  id ctext not null primary key,
  scheme ctext not null,
  number ctext,
  name text not null,
  sort_key ctext not null,
  postcode ctext not null,
  city text not null,
  country ctext not null,
  sector ctext not null,
  size_class ctext not null constraint company_size check (size_class in ('', 'micro', 'small', 'medium', 'large')),
  size_source text not null,
  size_year integer not null,
  nace ctext not null,
  parent_country ctext not null,
  constraint company_number_once unique (scheme, number)
);
create index company_sort on company (sort_key, id);

-- Which company a recorded one stands for now; a company stands for itself until merged.
create table company_root (
  company_id ctext not null primary key references company (id),
  root_id ctext not null references company (id)
);
create index company_root_root on company_root (root_id);

create table membership (
  person_id ctext not null references person (id),
  organisation_id ctext references organisation (id),
  company_id ctext references company (id),
  role ctext not null constraint membership_role check (role in ('officer', 'controller', 'payer', 'analyst', 'administrator',
    'approver', 'signatory', 'assessor', 'coordinator', 'finance', 'member', 'auditor', 'company')),
  constraint membership_somewhere check ((organisation_id is null) <> (company_id is null)),
  constraint membership_organisation_once unique (person_id, organisation_id, role),
  constraint membership_company_once unique (person_id, company_id, role)
);
create index membership_organisation on membership (organisation_id);
create index membership_company on membership (company_id);

create table session (
  token_hash ctext not null primary key,
  data ctext not null,
  expires_at ctext not null
);
create index session_expires on session (expires_at);

-- A programme and its head. Every other table of a programme leads with the programme.
create table programme (
  id ctext not null primary key,
  code ctext not null constraint programme_code_once unique,
  name_nl text not null, name_en text not null, name_fr text not null,
  note_nl text not null, note_en text not null, note_fr text not null,
  strategy_nl text not null, strategy_en text not null, strategy_fr text not null,
  starts_on ctext not null,
  ends_on ctext not null,
  currency ctext not null,
  agency_id ctext not null references organisation (id),
  invented smallint not null constraint programme_invented check (invented in (0, 1)),
  state ctext not null constraint programme_state check (state in ('importing', 'open')),
  source_hash ctext not null,
  constraint programme_period check (starts_on <= ends_on)
);
create index programme_agency on programme (agency_id);

create table programme_head (
  programme_id ctext not null primary key references programme (id),
  seq bigint not null,
  audit_count bigint not null,
  audit_hash ctext not null
);

create table programme_rule (
  programme_id ctext not null references programme (id),
  starts_on ctext not null,
  rate_bp integer not null constraint rule_rate check (rate_bp between 0 and 10000),
  performance_bp integer not null constraint rule_performance check (performance_bp between 0 and 10000),
  advance_bp integer not null constraint rule_advance check (advance_bp between 0 and 10000),
  objection_days integer not null constraint rule_objection check (objection_days between 0 and 365),
  carry_over_bp integer not null constraint rule_carry_over check (carry_over_bp between 0 and 10000),
  year_of ctext not null constraint rule_year_of check (year_of in ('delivered', 'invoiced', 'paid')),
  primary key (programme_id, starts_on)
);

create table goal (
  programme_id ctext not null references programme (id),
  id ctext not null,
  code ctext not null,
  position integer not null,
  name_nl text not null, name_en text not null, name_fr text not null,
  primary key (programme_id, id),
  constraint goal_code_once unique (programme_id, code)
);

create table envelope (
  programme_id ctext not null references programme (id),
  year integer not null,
  amount bigint not null constraint envelope_amount check (amount >= 0),
  primary key (programme_id, year)
);

create table decision (
  programme_id ctext not null references programme (id),
  id ctext not null,
  code ctext not null,
  kind ctext not null constraint decision_kind check (kind in ('overrun', 'carry-over', 'write-off', 'waiver', 'cancelled-cost',
    'adjustment', 'extension', 'mandate')),
  dated ctext not null,
  body text not null,
  words text not null,
  taken_by ctext not null references person (id),
  primary key (programme_id, id),
  constraint decision_code_once unique (programme_id, code)
);
create index decision_taken_by on decision (taken_by);

create table kpi (
  programme_id ctext not null references programme (id),
  id ctext not null,
  code ctext not null,
  position integer not null,
  version integer not null constraint kpi_version check (version >= 1),
  name_nl text not null, name_en text not null, name_fr text not null,
  short_nl text not null, short_en text not null, short_fr text not null,
  unit ctext not null,
  kinds ctext not null,
  activity_types ctext not null,
  joint_only smallint not null constraint kpi_joint_only check (joint_only in (0, 1)),
  aggregate ctext not null constraint kpi_aggregate check (aggregate in ('count', 'sum', 'distinct', 'mean', 'ratio', 'last')),
  measure ctext not null constraint kpi_measure check (measure in ('', 'amount', 'quantity')),
  threshold ctext not null,
  joint ctext not null constraint kpi_joint check (joint in ('full', 'share')),
  direction ctext not null constraint kpi_direction check (direction in ('up', 'down')),
  decimals integer not null constraint kpi_decimals check (decimals between 0 and 6),
  min_sample integer not null constraint kpi_min_sample check (min_sample >= 0),
  verified_only smallint not null constraint kpi_verified_only check (verified_only in (0, 1)),
  cockpit smallint not null constraint kpi_cockpit check (cockpit in (0, 1)),
  primary key (programme_id, id),
  constraint kpi_code_once unique (programme_id, code),
  constraint kpi_share_adds check (joint = 'full' or aggregate in ('count', 'sum'))
);

create table agreement (
  programme_id ctext not null references programme (id),
  id ctext not null,
  organisation_id ctext not null references organisation (id),
  state ctext not null constraint agreement_state check (state in ('draft', 'negotiating', 'agreed', 'signed', 'active', 'closed',
    'abandoned', 'terminated')),
  version integer not null constraint agreement_version check (version >= 1),
  starts_on ctext not null,
  ends_on ctext not null,
  signed_on ctext not null,
  primary key (programme_id, id),
  constraint agreement_partner_once unique (programme_id, organisation_id),
  constraint agreement_period check (starts_on <= ends_on)
);
create index agreement_organisation on agreement (organisation_id);

create table agreement_ceiling (
  programme_id ctext not null,
  agreement_id ctext not null,
  year integer not null,
  amount bigint not null constraint ceiling_amount check (amount >= 0),
  carried bigint not null constraint ceiling_carried check (carried >= 0),
  primary key (programme_id, agreement_id, year),
  foreign key (programme_id, agreement_id) references agreement (programme_id, id)
);

create table objective (
  programme_id ctext not null,
  id ctext not null,
  agreement_id ctext not null,
  goal_id ctext not null,
  code ctext not null,
  position integer not null,
  words_nl text not null, words_en text not null, words_fr text not null,
  primary key (programme_id, id),
  constraint objective_code_once unique (programme_id, agreement_id, code),
  foreign key (programme_id, agreement_id) references agreement (programme_id, id),
  foreign key (programme_id, goal_id) references goal (programme_id, id)
);
create index objective_goal on objective (programme_id, goal_id);

-- A KPI in an agreement: baseline and yearly targets are exact decimals, kept as text.
create table assignment (
  programme_id ctext not null,
  id ctext not null,
  agreement_id ctext not null,
  objective_id ctext not null,
  kpi_id ctext not null,
  rule ctext not null constraint assignment_rule check (rule in ('level', 'progress', 'hold')),
  baseline ctext not null,
  weight integer not null constraint assignment_weight check (weight between 0 and 1000000),
  floor_bp integer not null constraint assignment_floor check (floor_bp between 0 and 9999),
  primary key (programme_id, id),
  constraint assignment_kpi_once unique (programme_id, agreement_id, kpi_id),
  foreign key (programme_id, agreement_id) references agreement (programme_id, id),
  foreign key (programme_id, objective_id) references objective (programme_id, id),
  foreign key (programme_id, kpi_id) references kpi (programme_id, id)
);
create index assignment_objective on assignment (programme_id, objective_id);
create index assignment_kpi on assignment (programme_id, kpi_id);

create table target (
  programme_id ctext not null,
  assignment_id ctext not null,
  year integer not null,
  set_on ctext not null,
  value ctext not null,
  reason text not null,
  primary key (programme_id, assignment_id, year, set_on),
  foreign key (programme_id, assignment_id) references assignment (programme_id, id)
);

create table waiver (
  programme_id ctext not null,
  assignment_id ctext not null,
  year integer not null,
  decision_id ctext not null,
  primary key (programme_id, assignment_id, year),
  foreign key (programme_id, assignment_id) references assignment (programme_id, id),
  foreign key (programme_id, decision_id) references decision (programme_id, id)
);
create index waiver_decision on waiver (programme_id, decision_id);

create table activity (
  programme_id ctext not null references programme (id),
  id ctext not null,
  code ctext not null,
  title text not null,
  type ctext not null constraint activity_type check (type in ('mission', 'seminar', 'knowledge', 'retention', 'fair', 'matchmaking',
    'coaching', 'course', 'visit', 'conference', 'other')),
  state ctext not null constraint activity_state check (state in ('planned', 'published', 'held', 'cancelled', 'postponed', 'reported', 'verified')),
  starts_on ctext not null,
  ends_on ctext not null,
  place ctext not null constraint activity_place check (place in ('onsite', 'online', 'hybrid')),
  city text not null,
  country ctext not null,
  url text not null,
  language ctext not null,
  markets ctext not null,
  sectors ctext not null,
  needs ctext not null,
  places integer not null,
  organisers integer not null constraint activity_organisers check (organisers >= 1),
  reason text not null,
  primary key (programme_id, id),
  constraint activity_code_once unique (programme_id, code),
  constraint activity_dates check (starts_on <= ends_on)
);
create index activity_starts on activity (programme_id, starts_on, id);

create table activity_organiser (
  programme_id ctext not null,
  activity_id ctext not null,
  organisation_id ctext not null references organisation (id),
  position integer not null,
  weight integer not null constraint organiser_weight check (weight between 1 and 1000000),
  primary key (programme_id, activity_id, organisation_id),
  foreign key (programme_id, activity_id) references activity (programme_id, id)
);
create index activity_organiser_organisation on activity_organiser (organisation_id, programme_id, activity_id);

create table participation (
  programme_id ctext not null,
  id ctext not null,
  activity_id ctext not null,
  company_id ctext not null references company (id),
  state ctext not null constraint participation_state check (state in ('requested', 'confirmed', 'waitlisted', 'attended', 'no-show', 'cancelled')),
  recorded_on ctext not null,
  primary key (programme_id, id),
  constraint participation_once unique (programme_id, activity_id, company_id),
  foreign key (programme_id, activity_id) references activity (programme_id, id)
);
create index participation_company on participation (company_id);

create table outcome (
  programme_id ctext not null references programme (id),
  id ctext not null,
  code ctext not null,
  kind ctext not null,
  company_id ctext references company (id),
  activity_id ctext,
  dated ctext not null,
  market ctext not null,
  sector ctext not null,
  need ctext not null,
  amount bigint,
  quantity ctext not null,
  recorded_on ctext not null,
  primary key (programme_id, id),
  constraint outcome_code_once unique (programme_id, code),
  foreign key (programme_id, activity_id) references activity (programme_id, id)
);
create index outcome_company on outcome (company_id);
create index outcome_activity on outcome (programme_id, activity_id);

-- The evidence ledger: what happened never changes, only whether it is verified.
create table evidence (
  programme_id ctext not null references programme (id),
  id ctext not null,
  kind ctext not null constraint evidence_kind check (kind in ('held', 'participation', 'contact', 'service', 'strategy', 'knowledge',
    'referral', 'evaluation', 'media', 'win', 'entry', 'investment', 'retention', 'declared')),
  year integer not null,
  dated ctext not null,
  company_id ctext references company (id),
  activity_id ctext,
  activity_type ctext not null,
  organisers integer not null,
  market ctext not null,
  sector ctext not null,
  need ctext not null,
  amount bigint,
  quantity ctext not null,
  source_kind ctext not null,
  source_id ctext not null,
  weights bigint not null constraint evidence_weights check (weights >= 1),
  reported_on ctext not null,
  reported_by ctext references person (id),
  state ctext not null constraint evidence_state check (state in ('reported', 'verified', 'rejected')),
  state_on ctext not null,
  primary key (programme_id, id),
  constraint evidence_source_once unique (programme_id, source_kind, source_id),
  foreign key (programme_id, activity_id) references activity (programme_id, id)
);
create index evidence_year on evidence (programme_id, year, kind);
create index evidence_company on evidence (company_id);
create index evidence_activity on evidence (programme_id, activity_id);
create index evidence_reported_by on evidence (reported_by) where reported_by is not null;

create table evidence_credit (
  programme_id ctext not null,
  evidence_id ctext not null,
  organisation_id ctext not null references organisation (id),
  year integer not null,
  weight bigint not null constraint credit_weight check (weight >= 1),
  primary key (programme_id, evidence_id, organisation_id),
  foreign key (programme_id, evidence_id) references evidence (programme_id, id)
);
create index evidence_credit_organisation on evidence_credit (organisation_id, programme_id, year, evidence_id);

create table evidence_decision (
  programme_id ctext not null,
  evidence_id ctext not null,
  n integer not null,
  state ctext not null,
  decided_on ctext not null,
  decided_by ctext references person (id),
  reason text not null,
  primary key (programme_id, evidence_id, n),
  foreign key (programme_id, evidence_id) references evidence (programme_id, id)
);
create index evidence_decision_by on evidence_decision (decided_by);

create table claim (
  programme_id ctext not null,
  id ctext not null,
  agreement_id ctext not null,
  year integer not null,
  number integer not null constraint claim_number check (number >= 1),
  state ctext not null constraint claim_state check (state in ('draft', 'submitted', 'withdrawn', 'in-verification', 'queried', 'verified',
    'approved', 'ordered', 'paid', 'rejected', 'closed')),
  submitted_on ctext not null,
  entered_by ctext references person (id),
  verified_on ctext not null,
  verified_by ctext references person (id),
  approved_on ctext not null,
  approved_by ctext references person (id),
  accepted bigint not null,
  due bigint not null,
  primary key (programme_id, id),
  constraint claim_number_once unique (programme_id, agreement_id, year, number),
  constraint claim_four_eyes check (approved_by is null or (approved_by <> entered_by and approved_by <> verified_by)),
  constraint claim_own_work check (verified_by is null or verified_by <> entered_by),
  foreign key (programme_id, agreement_id) references agreement (programme_id, id)
);
create index claim_entered_by on claim (entered_by);
create index claim_verified_by on claim (verified_by);
create index claim_approved_by on claim (approved_by);

create table cost_item (
  programme_id ctext not null,
  id ctext not null,
  ref ctext not null,
  claim_id ctext not null,
  agreement_id ctext not null,
  year integer not null,
  activity_id ctext,
  category ctext not null,
  description text not null,
  supplier ctext not null,
  invoice ctext not null,
  invoice_key ctext,
  invoiced_on ctext not null,
  delivered_on ctext not null,
  currency ctext not null,
  rate ctext not null,
  rate_on ctext not null,
  rate_source text not null,
  net bigint not null,
  vat bigint not null,
  other_money bigint not null,
  rate_bp integer not null,
  eligible bigint not null,
  state ctext not null constraint item_state check (state in ('declared', 'accepted', 'deducted', 'parked', 'returned', 'lapsed')),
  deducted bigint not null,
  accepted bigint not null,
  reason_code ctext not null,
  reason text not null,
  decided_on ctext not null,
  decided_by ctext references person (id),
  returns_id ctext,
  primary key (programme_id, id),
  constraint item_ref_once unique (programme_id, ref),
  constraint item_invoice_once unique (programme_id, invoice_key),
  constraint item_deduction check ((eligible >= 0 and deducted between 0 and eligible) or (eligible < 0 and deducted between eligible and 0)),
  constraint item_reason check (deducted = 0 or reason_code <> ''),
  constraint item_counts check (accepted = 0 or state in ('accepted', 'deducted')),
  foreign key (programme_id, claim_id) references claim (programme_id, id),
  foreign key (programme_id, agreement_id) references agreement (programme_id, id),
  foreign key (programme_id, activity_id) references activity (programme_id, id),
  foreign key (programme_id, returns_id) references cost_item (programme_id, id)
);
create index cost_item_claim on cost_item (programme_id, claim_id);
create index cost_item_year on cost_item (programme_id, agreement_id, year);
create index cost_item_activity on cost_item (programme_id, activity_id);
create index cost_item_returns on cost_item (programme_id, returns_id);
create index cost_item_decided_by on cost_item (decided_by);

create table payment (
  programme_id ctext not null,
  id ctext not null,
  agreement_id ctext not null,
  year integer not null,
  kind ctext not null constraint payment_kind check (kind in ('advance', 'claim', 'balance', 'repayment')),
  claim_id ctext,
  amount bigint not null constraint payment_amount check (amount > 0),
  state ctext not null constraint payment_state check (state in ('ordered', 'approved', 'executed', 'discarded')),
  ordered_on ctext not null,
  ordered_by ctext references person (id),
  approved_by ctext references person (id),
  executed_on ctext not null,
  primary key (programme_id, id),
  constraint payment_four_eyes check (approved_by is null or approved_by <> ordered_by),
  foreign key (programme_id, agreement_id) references agreement (programme_id, id),
  foreign key (programme_id, claim_id) references claim (programme_id, id)
);
create index payment_year on payment (programme_id, agreement_id, year);
create index payment_claim on payment (programme_id, claim_id);
create index payment_ordered_by on payment (ordered_by);
create index payment_approved_by on payment (approved_by);

create table correction (
  programme_id ctext not null,
  id ctext not null,
  agreement_id ctext not null,
  year integer not null,
  item_id ctext not null,
  cost bigint not null constraint correction_cost check (cost > 0),
  due bigint not null constraint correction_due check (due <= 0),
  reason text not null,
  dated ctext not null,
  decided_by ctext references person (id),
  primary key (programme_id, id),
  foreign key (programme_id, agreement_id) references agreement (programme_id, id),
  foreign key (programme_id, item_id) references cost_item (programme_id, id)
);
create index correction_year on correction (programme_id, agreement_id, year);
create index correction_item on correction (programme_id, item_id);
create index correction_decided_by on correction (decided_by);

-- The money ledger: postings stand under a deferred key, the entry that closes them checks the sum.
create table entry (
  programme_id ctext not null references programme (id),
  id ctext not null,
  n bigint not null,
  key ctext not null,
  event ctext not null,
  booked_on ctext not null,
  recorded_at ctext not null,
  agreement_id ctext,
  year integer not null,
  subject_kind ctext not null,
  subject_id ctext not null,
  reverses_id ctext,
  postings integer not null constraint entry_postings check (postings >= 2),
  primary key (programme_id, id),
  constraint entry_key_once unique (programme_id, key),
  constraint entry_number_once unique (programme_id, n),
  constraint entry_reversed_once unique (programme_id, reverses_id),
  foreign key (programme_id, agreement_id) references agreement (programme_id, id),
  foreign key (programme_id, reverses_id) references entry (programme_id, id)
);
create index entry_year on entry (programme_id, agreement_id, year, n);

create table posting (
  programme_id ctext not null,
  entry_id ctext not null,
  n integer not null,
  line integer not null,
  account ctext not null,
  agreement_id ctext,
  year integer not null,
  booked_on ctext not null,
  amount bigint not null constraint posting_amount check (amount <> 0),
  primary key (programme_id, entry_id, n),
  foreign key (programme_id, entry_id) references entry (programme_id, id) deferrable initially deferred,
  foreign key (programme_id, agreement_id) references agreement (programme_id, id)
);
create index posting_account on posting (programme_id, agreement_id, year, account);

create table settlement (
  programme_id ctext not null,
  id ctext not null,
  agreement_id ctext not null,
  year integer not null,
  version integer not null constraint settlement_version check (version >= 1),
  state ctext not null constraint settlement_state check (state in ('computed', 'discarded', 'restated', 'communicated', 'objection', 'final')),
  facts_hash ctext not null,
  accepted bigint not null,
  half bigint not null,
  cost_part bigint not null,
  pool bigint not null,
  score_bp integer not null constraint settlement_score check (score_bp between 0 and 10000),
  performance bigint not null,
  final bigint not null,
  own bigint not null,
  paid bigint not null,
  balance bigint not null,
  reckoning text not null,
  computed_on ctext not null,
  computed_by ctext references person (id),
  communicated_on ctext not null,
  communicated_by ctext references person (id),
  objection_until ctext not null,
  final_on ctext not null,
  final_by ctext references person (id),
  primary key (programme_id, id),
  constraint settlement_version_once unique (programme_id, agreement_id, year, version),
  constraint settlement_adds check (final + own = accepted),
  constraint settlement_within_half check (final between 0 and half),
  constraint settlement_four_eyes check (final_by is null or computed_by is null or final_by <> computed_by),
  foreign key (programme_id, agreement_id) references agreement (programme_id, id)
);
create index settlement_computed_by on settlement (computed_by);
create index settlement_communicated_by on settlement (communicated_by);
create index settlement_final_by on settlement (final_by);

-- Figures frozen by a settlement, and the evidence rows that they came from.
create table cell (
  programme_id ctext not null,
  settlement_id ctext not null,
  assignment_id ctext not null,
  status ctext not null,
  numerator ctext not null,
  denominator ctext not null,
  sample bigint not null,
  target ctext not null,
  attainment_bp bigint,
  payout_bp integer,
  weight integer not null,
  evidence_hash ctext not null,
  primary key (programme_id, settlement_id, assignment_id),
  foreign key (programme_id, settlement_id) references settlement (programme_id, id),
  foreign key (programme_id, assignment_id) references assignment (programme_id, id)
);
create index cell_assignment on cell (programme_id, assignment_id);

create table cell_evidence (
  programme_id ctext not null,
  settlement_id ctext not null,
  assignment_id ctext not null,
  evidence_id ctext not null,
  primary key (programme_id, settlement_id, assignment_id, evidence_id),
  foreign key (programme_id, settlement_id, assignment_id) references cell (programme_id, settlement_id, assignment_id),
  foreign key (programme_id, evidence_id) references evidence (programme_id, id)
);
create index cell_evidence_evidence on cell_evidence (programme_id, evidence_id);

create table upload (
  programme_id ctext not null references programme (id),
  id ctext not null,
  kind ctext not null,
  file text not null,
  sha256 ctext not null,
  row_count integer not null,
  loaded_at ctext not null,
  primary key (programme_id, id),
  constraint upload_once unique (programme_id, kind, sha256)
);

-- Hash-chained record of every change. Scope '' is the agency's own chain. The words stand apart, so that erasing a person keeps the chain whole.
create table audit (
  scope ctext not null,
  n bigint not null,
  at ctext not null,
  actor ctext not null,
  verb ctext not null,
  object_kind ctext not null,
  object_id ctext not null,
  digest ctext not null,
  hash ctext not null,
  primary key (scope, n)
);
create index audit_object on audit (scope, object_kind, object_id, n);
create index audit_actor on audit (scope, actor, n);

create table audit_words (
  scope ctext not null,
  n bigint not null,
  salt ctext not null,
  before text not null,
  after text not null,
  person_id ctext not null,
  primary key (scope, n),
  foreign key (scope, n) references audit (scope, n)
);
create index audit_words_person on audit_words (person_id);
