-- +goose Up
-- What the strategy asks for first: a market with a sector, for one need or ('') for any.
create table priority (
  programme_id ctext not null references programme (id),
  market ctext not null,
  sector ctext not null,
  need ctext not null,
  set_on ctext not null,
  set_by ctext references person (id),
  primary key (programme_id, market, sector, need)
);
create index priority_set_by on priority (set_by);
