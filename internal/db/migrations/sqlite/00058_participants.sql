-- +goose Up
-- Who reported on an activity: somebody else verifies it.
alter table activity add column reported_by ctext references person (id);
create index activity_reported_by on activity (reported_by);
