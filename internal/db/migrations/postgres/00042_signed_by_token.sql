-- +goose Up
-- A program signs with its person's token: that is a way of its own.
alter table agreement_signature drop constraint signature_way;
alter table agreement_signature add constraint signature_way check (way in ('session', 'token', 'ceremony', 'elsewhere'));
