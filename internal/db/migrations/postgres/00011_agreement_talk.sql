-- +goose Up
-- What is said about an agreement, and the working copies of both sides.
create table agreement_comment (
  programme_id ctext not null,
  id ctext not null,
  agreement_id ctext not null,
  n integer not null,
  place ctext not null,
  side ctext not null constraint comment_side check (side in ('agency', 'partner')),
  words text not null,
  reply_to ctext,
  made_at ctext not null,
  made_by ctext not null references person (id),
  state ctext not null constraint comment_state check (state in ('open', 'settled')),
  settled_at ctext not null,
  settled_by ctext references person (id),
  primary key (programme_id, id),
  foreign key (programme_id, agreement_id) references agreement (programme_id, id),
  foreign key (programme_id, reply_to) references agreement_comment (programme_id, id)
);
create index agreement_comment_agreement on agreement_comment (programme_id, agreement_id, made_at);
create index agreement_comment_reply on agreement_comment (programme_id, reply_to);
create index agreement_comment_made_by on agreement_comment (made_by);
create index agreement_comment_settled_by on agreement_comment (settled_by);

-- A side's working copy: each saving is a row, the last one that is not laid aside counts. What could not be merged is laid aside.
create table agreement_draft (
  programme_id ctext not null,
  agreement_id ctext not null,
  side ctext not null constraint draft_side check (side in ('agency', 'partner')),
  revision integer not null constraint draft_revision check (revision >= 1),
  base_n integer not null,
  based_on integer not null,
  aside smallint not null constraint draft_aside check (aside in (0, 1)),
  document text not null,
  saved_at ctext not null,
  saved_by ctext not null references person (id),
  primary key (programme_id, agreement_id, side, revision),
  foreign key (programme_id, agreement_id) references agreement (programme_id, id)
);
create index agreement_draft_saved_by on agreement_draft (saved_by);
create trigger agreement_comment_words_stay before update on agreement_comment for each row
  when (new.programme_id is distinct from old.programme_id
  or new.id is distinct from old.id
  or new.agreement_id is distinct from old.agreement_id
  or new.n is distinct from old.n
  or new.place is distinct from old.place
  or new.side is distinct from old.side
  or new.words is distinct from old.words
  or new.reply_to is distinct from old.reply_to
  or new.made_at is distinct from old.made_at
  or new.made_by is distinct from old.made_by)
  execute function refuse('agreement_comment_immutable');
create trigger agreement_comment_no_delete before delete on agreement_comment for each row execute function refuse_delete('agreement_comment_immutable');
create trigger agreement_comment_no_truncate before truncate on agreement_comment for each statement execute function refuse('agreement_comment_immutable');
