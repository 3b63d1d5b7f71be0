-- +goose Up
-- What was decided about two activities that overlap. That they do is found anew each time; facts are what both said when it was decided, so
-- that a decision falls when one of them changes. One row for a pair; its steps are kept.
create table overlap (
  programme_id ctext not null references programme (id),
  id ctext not null,
  a_id ctext not null,
  b_id ctext not null,
  kind ctext not null constraint overlap_kind check (kind in ('same', 'competing', 'similar')),
  score_bp integer not null constraint overlap_score check (score_bp between 0 and 10000),
  state ctext not null constraint overlap_state check (state in ('open', 'joined', 'moved', 'justified', 'dismissed')),
  facts ctext not null,
  steps integer not null,
  primary key (programme_id, id),
  constraint overlap_order check (a_id < b_id),
  foreign key (programme_id, a_id) references activity (programme_id, id),
  foreign key (programme_id, b_id) references activity (programme_id, id)
);
create unique index overlap_pair on overlap (programme_id, a_id, b_id);
create index overlap_b on overlap (programme_id, b_id);

create table overlap_step (
  programme_id ctext not null,
  overlap_id ctext not null,
  n integer not null,
  verb ctext not null,
  state ctext not null,
  reason text not null,
  done_on ctext not null,
  done_by ctext references person (id),
  primary key (programme_id, overlap_id, n),
  foreign key (programme_id, overlap_id) references overlap (programme_id, id)
);
create index overlap_step_done_by on overlap_step (done_by);

-- A proposal to make one activity of two: which stays, with which shares. One waits at a time.
create table overlap_offer (
  programme_id ctext not null,
  id ctext not null,
  overlap_id ctext not null,
  keep_id ctext not null,
  state ctext not null constraint offer_state check (state in ('open', 'agreed', 'declined', 'withdrawn')),
  note text not null,
  made_on ctext not null,
  made_by ctext references person (id),
  primary key (programme_id, id),
  foreign key (programme_id, overlap_id) references overlap (programme_id, id),
  foreign key (programme_id, keep_id) references activity (programme_id, id)
);
create unique index overlap_offer_waits on overlap_offer (programme_id, overlap_id) where state = 'open';
create index overlap_offer_overlap on overlap_offer (programme_id, overlap_id);
create index overlap_offer_keep on overlap_offer (programme_id, keep_id);
create index overlap_offer_made_by on overlap_offer (made_by);

-- The shares of a proposal, and who agreed for which organisation.
create table overlap_share (
  programme_id ctext not null,
  offer_id ctext not null,
  organisation_id ctext not null references organisation (id),
  position integer not null,
  weight bigint not null constraint offer_weight check (weight between 1 and 1000000),
  needed smallint not null constraint offer_needed check (needed in (0, 1)),
  agreed_on ctext not null,
  agreed_by ctext references person (id),
  primary key (programme_id, offer_id, organisation_id),
  foreign key (programme_id, offer_id) references overlap_offer (programme_id, id)
);
create index overlap_share_organisation on overlap_share (organisation_id);
create index overlap_share_agreed_by on overlap_share (agreed_by);
-- +goose StatementBegin
create trigger overlap_step_no_update before update on overlap_step
begin
  select raise(abort, 'constraint:overlap_step_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger overlap_step_no_delete before delete on overlap_step
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:overlap_step_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger overlap_share_stays before update on overlap_share
when new.weight is not old.weight or new.organisation_id is not old.organisation_id or new.offer_id is not old.offer_id or new.needed is not old.needed
  or old.agreed_on <> ''
begin
  select raise(abort, 'constraint:overlap_share_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger overlap_share_no_delete before delete on overlap_share
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:overlap_share_immutable');
end;
-- +goose StatementEnd
