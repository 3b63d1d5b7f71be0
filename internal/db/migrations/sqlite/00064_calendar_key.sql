-- +goose Up
-- The key in a person's calendar address. One for each person, kept as its SHA-256 alone; a key that ended is gone, the trail tells of it.
create table calendar_key (
  id ctext not null primary key,
  person_id ctext not null references person (id),
  secret_hash ctext not null,
  made_at ctext not null,
  last_used_on ctext not null
);
create unique index calendar_key_person on calendar_key (person_id);

-- +goose Down
drop table calendar_key;
