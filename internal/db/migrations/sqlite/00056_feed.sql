-- +goose Up
-- What partners publish on their own websites, read again and again so that nobody types it twice. type, markets, sectors and needs are those
-- of what the feed does not say; etag and modified are what the server said of what was read last.
create table feed (
  programme_id ctext not null references programme (id),
  id ctext not null,
  organisation_id ctext not null references organisation (id),
  url text not null,
  state ctext not null constraint feed_state check (state in ('active', 'removed')),
  type ctext not null,
  markets ctext not null,
  sectors ctext not null,
  needs ctext not null,
  every_hours integer not null constraint feed_every check (every_hours between 1 and 720),
  next_at ctext not null,
  etag text not null,
  modified text not null,
  runs integer not null,
  made_by ctext references person (id),
  made_at ctext not null,
  primary key (programme_id, id)
);
create unique index feed_once on feed (programme_id, organisation_id, url) where state = 'active';
create index feed_organisation on feed (organisation_id);
create index feed_made_by on feed (made_by);

-- A reading. The newest are kept; what a reading did to activities stands in the audit trail besides.
create table feed_run (
  programme_id ctext not null,
  feed_id ctext not null,
  n integer not null,
  done_at ctext not null,
  done_by ctext references person (id),
  outcome ctext not null constraint feed_outcome check (outcome in ('read', 'same', 'failed')),
  fault text not null, -- key and arguments, as JSON
  seen integer not null,
  outside integer not null,
  counts text not null, -- of its lines by kind, as JSON
  primary key (programme_id, feed_id, n),
  foreign key (programme_id, feed_id) references feed (programme_id, id)
);
create index feed_run_by on feed_run (done_by);

-- What a reading found to say of an event: taken, changed, refused and why.
create table feed_line (
  programme_id ctext not null,
  feed_id ctext not null,
  run integer not null,
  n integer not null,
  kind ctext not null constraint feed_line_kind check (kind in ('added', 'linked', 'changed', 'kept', 'cancelled', 'postponed', 'back', 'gone', 'refused')),
  at_line integer not null,
  title text not null,
  activity_id ctext,
  said text not null, -- fields from and to, or key and arguments, as JSON
  primary key (programme_id, feed_id, run, n),
  foreign key (programme_id, feed_id, run) references feed_run (programme_id, feed_id, n),
  foreign key (programme_id, activity_id) references activity (programme_id, id)
);
create index feed_line_activity on feed_line (programme_id, activity_id);

-- Which activity an event of the feed is, by its UID or address, and what the feed said of it last, as JSON.
create table feed_item (
  programme_id ctext not null,
  feed_id ctext not null,
  key ctext not null,
  activity_id ctext not null,
  said text not null,
  listed smallint not null constraint feed_listed check (listed in (0, 1)),
  primary key (programme_id, feed_id, key),
  foreign key (programme_id, feed_id) references feed (programme_id, id),
  foreign key (programme_id, activity_id) references activity (programme_id, id)
);
create unique index feed_item_activity on feed_item (programme_id, feed_id, activity_id);
create index feed_item_of on feed_item (programme_id, activity_id);
