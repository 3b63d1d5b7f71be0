-- +goose Up
-- When figures should worry somebody, as rules of the programme.
alter table programme_rule add column alert_chance_bp integer not null default 2500 constraint rule_alert_chance check (alert_chance_bp between 1 and 10000);
alter table programme_rule add column alert_stake_bp integer not null default 1000 constraint rule_alert_stake check (alert_stake_bp between 1 and 10000);
alter table programme_rule add column report_grace_days integer not null default 30 constraint rule_report_grace check (report_grace_days between 1 and 365);
