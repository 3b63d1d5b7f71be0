-- +goose Up
-- Candidates for a round: what they are assessed by, what they answered, who declared which interest, who scored what.
create table criterion (
  programme_id ctext not null references programme (id),
  id ctext not null,
  code ctext not null,
  position integer not null,
  weight integer not null constraint criterion_weight check (weight between 1 and 1000),
  name_nl text not null, name_en text not null, name_fr text not null,
  hint_nl text not null, hint_en text not null, hint_fr text not null,
  primary key (programme_id, id),
  constraint criterion_code_once unique (programme_id, code)
);

create table candidate (
  programme_id ctext not null references programme (id),
  id ctext not null,
  organisation_id ctext not null references organisation (id),
  state ctext not null constraint candidate_state check (state in ('named', 'applied', 'assessed', 'invited', 'declined', 'drafted')),
  motive text not null,
  entered_by ctext references person (id),
  entered_on ctext not null,
  decided_by ctext references person (id),
  decided_on ctext not null,
  reason text not null,
  agreement_id ctext,
  primary key (programme_id, id),
  constraint candidate_once unique (programme_id, organisation_id),
  constraint candidate_four_eyes check (decided_by is null or entered_by is null or decided_by <> entered_by),
  constraint candidate_decision check ((state in ('invited', 'declined', 'drafted')) = (decided_on <> '')),
  constraint candidate_draft check ((state = 'drafted') = (agreement_id is not null)),
  foreign key (programme_id, agreement_id) references agreement (programme_id, id)
);
create index candidate_organisation on candidate (organisation_id);
create index candidate_entered_by on candidate (entered_by);
create index candidate_decided_by on candidate (decided_by);
create index candidate_agreement on candidate (programme_id, agreement_id);

create table candidate_answer (
  programme_id ctext not null,
  candidate_id ctext not null,
  criterion_id ctext not null,
  words text not null,
  primary key (programme_id, candidate_id, criterion_id),
  foreign key (programme_id, candidate_id) references candidate (programme_id, id),
  foreign key (programme_id, criterion_id) references criterion (programme_id, id)
);
create index candidate_answer_criterion on candidate_answer (programme_id, criterion_id);

create table interest (
  programme_id ctext not null,
  candidate_id ctext not null,
  person_id ctext not null references person (id),
  conflict smallint not null constraint interest_conflict check (conflict in (0, 1)),
  words text not null,
  declared_on ctext not null,
  primary key (programme_id, candidate_id, person_id),
  constraint interest_words check (conflict = 0 or words <> ''),
  foreign key (programme_id, candidate_id) references candidate (programme_id, id)
);
create index interest_person on interest (person_id);

create table score (
  programme_id ctext not null,
  candidate_id ctext not null,
  person_id ctext not null references person (id),
  criterion_id ctext not null,
  points integer not null constraint score_points check (points between 0 and 5),
  words text not null constraint score_words check (words <> ''),
  scored_on ctext not null,
  primary key (programme_id, candidate_id, person_id, criterion_id),
  foreign key (programme_id, candidate_id) references candidate (programme_id, id),
  foreign key (programme_id, candidate_id, person_id) references interest (programme_id, candidate_id, person_id),
  foreign key (programme_id, criterion_id) references criterion (programme_id, id)
);
create index score_person on score (person_id);
create index score_criterion on score (programme_id, criterion_id);

-- A declared conflict stays, and keeps its holder from scoring. Sheets close with the assessment; a decision stays as it was taken.
-- +goose StatementBegin
create trigger interest_stays before update on interest
when old.conflict = 1
begin
  select raise(abort, 'constraint:interest_stays');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger interest_no_delete before delete on interest
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:interest_stays');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger score_no_conflict before insert on score
when exists (select 1 from interest i where i.programme_id = new.programme_id and i.candidate_id = new.candidate_id and i.person_id = new.person_id
  and i.conflict = 1)
begin
  select raise(abort, 'constraint:score_conflict');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger score_no_conflict_update before update on score
when exists (select 1 from interest i where i.programme_id = new.programme_id and i.candidate_id = new.candidate_id and i.person_id = new.person_id
  and i.conflict = 1)
begin
  select raise(abort, 'constraint:score_conflict');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger score_open before insert on score
when (select c.state from candidate c where c.programme_id = new.programme_id and c.id = new.candidate_id) not in ('named', 'applied')
begin
  select raise(abort, 'constraint:score_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger score_open_update before update on score
when (select c.state from candidate c where c.programme_id = old.programme_id and c.id = old.candidate_id) not in ('named', 'applied')
begin
  select raise(abort, 'constraint:score_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger score_no_delete before delete on score
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:score_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger candidate_decided before update on candidate
when old.decided_on <> '' and (new.decided_on is not old.decided_on or new.decided_by is not old.decided_by or new.reason is not old.reason
  or (new.state is not old.state and not (old.state = 'invited' and new.state = 'drafted')))
begin
  select raise(abort, 'constraint:candidate_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger candidate_no_delete before delete on candidate
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:candidate_immutable');
end;
-- +goose StatementEnd
