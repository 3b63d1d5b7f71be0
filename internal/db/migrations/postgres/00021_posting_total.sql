-- +goose Up
-- The whole programme adds up account by account, without sorting its postings.
create index posting_total on posting (programme_id, account, amount);
