-- +goose Up
-- The library: what partners and the agency know and share. Numbers count the items of a programme; the search index names items by them.
create table knowledge_item (
  programme_id ctext not null references programme (id),
  id ctext not null,
  number integer not null,
  organisation_id ctext not null references organisation (id),
  kind ctext not null constraint knowledge_kind check (kind in ('report', 'contacts', 'lesson', 'howto')),
  state ctext not null constraint knowledge_state check (state in ('draft', 'published', 'withdrawn')),
  reach smallint not null constraint knowledge_reach check (reach between 0 and 3),
  language ctext not null constraint knowledge_language check (language in ('nl', 'en', 'fr')),
  title text not null,
  markets ctext not null,
  sectors ctext not null,
  needs ctext not null,
  version integer not null,
  reason text not null,
  made_by ctext references person (id),
  made_at ctext not null,
  published_on ctext not null,
  changed_at ctext not null,
  revision integer not null,
  body text not null, -- last: what a search reads of an item stands before it
  primary key (programme_id, id),
  constraint knowledge_number_once unique (programme_id, number)
);
create index knowledge_organisation on knowledge_item (organisation_id);
create index knowledge_made_by on knowledge_item (made_by);
create index knowledge_newest on knowledge_item (programme_id, published_on, number);

-- What was published, word for word; files are the ids of those that went with it.
create table knowledge_version (
  programme_id ctext not null,
  item_id ctext not null,
  version integer not null constraint knowledge_version_one check (version >= 1),
  reach smallint not null,
  language ctext not null,
  title text not null,
  body text not null,
  markets ctext not null,
  sectors ctext not null,
  needs ctext not null,
  files ctext not null,
  note text not null,
  published_by ctext references person (id),
  published_at ctext not null,
  primary key (programme_id, item_id, version),
  foreign key (programme_id, item_id) references knowledge_item (programme_id, id)
);
create index knowledge_version_by on knowledge_version (published_by);

create table knowledge_file (
  programme_id ctext not null,
  item_id ctext not null,
  file_id ctext not null,
  position integer not null,
  primary key (programme_id, item_id, file_id),
  foreign key (programme_id, item_id) references knowledge_item (programme_id, id),
  foreign key (programme_id, file_id) references file (programme_id, id)
);
create index knowledge_file_of on knowledge_file (programme_id, file_id);

-- An organisation used another one's item; it counts once a year.
create table knowledge_use (
  programme_id ctext not null,
  item_id ctext not null,
  organisation_id ctext not null references organisation (id),
  year integer not null,
  purpose text not null,
  used_by ctext references person (id),
  used_on ctext not null,
  primary key (programme_id, item_id, organisation_id, year),
  foreign key (programme_id, item_id) references knowledge_item (programme_id, id)
);
create index knowledge_use_organisation on knowledge_use (organisation_id);
create index knowledge_use_by on knowledge_use (used_by);

-- The search index (docs/adr/040): what each item left in it, postings by term packed in blocks, the words, and their forms with a letter
-- left out.
create table knowledge_entry (
  programme_id ctext not null,
  item_id ctext not null,
  number integer not null,
  terms ctext not null,
  words ctext not null,
  primary key (programme_id, item_id),
  constraint knowledge_entry_once unique (programme_id, number),
  foreign key (programme_id, item_id) references knowledge_item (programme_id, id)
);
create table knowledge_posting (
  programme_id ctext not null references programme (id),
  term ctext not null,
  block integer not null,
  postings ctext not null,
  primary key (programme_id, term, block)
);
create table knowledge_word (
  programme_id ctext not null references programme (id),
  word ctext not null,
  reversed ctext not null,
  items integer not null,
  primary key (programme_id, word)
);
create index knowledge_word_reversed on knowledge_word (programme_id, reversed);
create table knowledge_form (
  programme_id ctext not null references programme (id),
  form ctext not null,
  word ctext not null,
  primary key (programme_id, form, word)
);

-- Questions to all partners, and what they answer; an answer may name an item.
create table question (
  programme_id ctext not null references programme (id),
  id ctext not null,
  organisation_id ctext not null references organisation (id),
  state ctext not null constraint question_state check (state in ('open', 'closed')),
  language ctext not null constraint question_language check (language in ('nl', 'en', 'fr')),
  title text not null,
  body text not null,
  markets ctext not null,
  sectors ctext not null,
  asked_by ctext references person (id),
  asked_at ctext not null,
  primary key (programme_id, id)
);
create index question_organisation on question (organisation_id);
create index question_asked_by on question (asked_by);
create table answer (
  programme_id ctext not null,
  id ctext not null,
  question_id ctext not null,
  organisation_id ctext not null references organisation (id),
  item_id ctext,
  body text not null,
  answered_by ctext references person (id),
  answered_at ctext not null,
  primary key (programme_id, id),
  foreign key (programme_id, question_id) references question (programme_id, id),
  foreign key (programme_id, item_id) references knowledge_item (programme_id, id)
);
create index answer_question on answer (programme_id, question_id);
create index answer_item on answer (programme_id, item_id);
create index answer_organisation on answer (organisation_id);
create index answer_by on answer (answered_by);

-- +goose StatementBegin
create trigger knowledge_version_no_update before update on knowledge_version
begin
  select raise(abort, 'constraint:knowledge_version_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger knowledge_version_no_delete before delete on knowledge_version
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:knowledge_version_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger knowledge_use_no_update before update on knowledge_use
begin
  select raise(abort, 'constraint:knowledge_use_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger knowledge_use_no_delete before delete on knowledge_use
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:knowledge_use_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger answer_no_update before update on answer
begin
  select raise(abort, 'constraint:answer_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger answer_no_delete before delete on answer
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:answer_immutable');
end;
-- +goose StatementEnd
