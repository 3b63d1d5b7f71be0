-- +goose Up
-- How many days before a year begins its plan is to be submitted.
alter table programme_rule add column plan_days integer not null default 60 constraint rule_plan check (plan_days between 0 and 365);
