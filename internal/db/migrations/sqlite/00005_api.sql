-- +goose Up
-- Personal tokens of programs. The secret is kept as its SHA-256 alone.
create table api_token (
  id ctext not null primary key,
  person_id ctext not null references person (id),
  name text not null,
  secret_hash ctext not null,
  scopes ctext not null,
  made_at ctext not null,
  expires_on ctext not null,
  revoked_at ctext not null,
  last_used_on ctext not null
);
create index api_token_person on api_token (person_id);

-- What a create by API answered, so that the same request again makes nothing twice. Swept after some days.
create table api_reply (
  programme_id ctext not null references programme (id),
  person_id ctext not null references person (id),
  key ctext not null,
  request_hash ctext not null,
  location ctext not null,
  body text not null,
  made_at ctext not null,
  primary key (programme_id, person_id, key)
);
create index api_reply_person on api_reply (person_id);
create index api_reply_made on api_reply (made_at);
