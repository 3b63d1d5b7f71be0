-- +goose Up
-- What stands in the files of the library, read once, or ('' where it was read) why it could not be.
create table knowledge_text (
  programme_id ctext not null,
  file_id ctext not null,
  why ctext not null constraint knowledge_text_why check (why in ('', 'kind', 'encrypted', 'damaged', 'empty', 'toobig')),
  words integer not null,
  read_at ctext not null,
  body text not null,
  primary key (programme_id, file_id),
  foreign key (programme_id, file_id) references file (programme_id, id)
);

-- Searches that found nothing: words that are no names of people, and which sort of organisation asked on which day. Nobody is named.
create table knowledge_miss (
  programme_id ctext not null references programme (id),
  day ctext not null,
  words ctext not null,
  asker ctext not null constraint knowledge_miss_asker check (asker in ('agency', 'partner', 'other')),
  market ctext not null,
  sector ctext not null,
  need ctext not null,
  times integer not null constraint knowledge_miss_times check (times >= 1),
  primary key (programme_id, day, words, asker, market, sector, need)
);
