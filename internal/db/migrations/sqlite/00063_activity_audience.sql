-- +goose Up
-- Whom an activity is for, '' for whoever it may serve, and what a participant pays in cents, 0 for nothing or not said.
alter table activity add column audience ctext not null default '';
alter table activity add column price bigint not null default 0 constraint activity_price check (price >= 0);
