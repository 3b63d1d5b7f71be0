-- +goose Up
-- A year of the books that is closed: nothing is booked on its days any more.
create table book_close (
  programme_id ctext not null references programme (id),
  year integer not null,
  until ctext not null,
  accrued bigint not null constraint book_close_accrued check (accrued >= 0),
  closed_on ctext not null,
  closed_by ctext references person (id),
  primary key (programme_id, year)
);
create index book_close_by on book_close (closed_by);
-- +goose StatementBegin
create trigger book_close_no_update before update on book_close
begin
  select raise(abort, 'constraint:book_close_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger book_close_no_delete before delete on book_close
when (select state from programme where id = old.programme_id) = 'importing' is not true
begin
  select raise(abort, 'constraint:book_close_immutable');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger entry_in_closed_year before insert on entry
when exists (select 1 from book_close c where c.programme_id = new.programme_id and c.until >= new.booked_on)
begin
  select raise(abort, 'constraint:books_closed');
end;
-- +goose StatementEnd
