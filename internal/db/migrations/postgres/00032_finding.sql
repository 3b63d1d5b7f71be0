-- +goose Up
-- What somebody answered to a finding in the evidence. A finding is found anew each time; an answer holds for the facts it was given for.
create table finding_answer (
  programme_id ctext not null references programme (id),
  id ctext not null,
  year integer not null,
  rule ctext not null,
  subject ctext not null,
  facts ctext not null,
  outcome ctext not null constraint finding_outcome check (outcome in ('explained', 'corrected')),
  reason text not null,
  answered_on ctext not null,
  answered_by ctext not null references person (id),
  primary key (programme_id, id)
);
create index finding_answer_year on finding_answer (programme_id, year);
create index finding_answer_by on finding_answer (answered_by);
create trigger finding_answer_no_update before update on finding_answer for each row execute function refuse('finding_answer_immutable');
create trigger finding_answer_no_delete before delete on finding_answer for each row execute function refuse_delete('finding_answer_immutable');
create trigger finding_answer_no_truncate before truncate on finding_answer for each statement execute function refuse('finding_answer_immutable');
