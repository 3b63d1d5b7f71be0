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
create trigger book_close_no_update before update on book_close for each row execute function refuse('book_close_immutable');
create trigger book_close_no_delete before delete on book_close for each row execute function refuse_delete('book_close_immutable');
create trigger book_close_no_truncate before truncate on book_close for each statement execute function refuse('book_close_immutable');
-- +goose StatementBegin
create function refuse_closed_year() returns trigger language plpgsql as $$
begin
  if exists (select 1 from book_close c where c.programme_id = new.programme_id and c.until >= new.booked_on) then
    raise exception 'constraint:books_closed' using errcode = '23514', constraint = 'books_closed';
  end if;
  return new;
end $$;
-- +goose StatementEnd
create trigger entry_in_closed_year before insert on entry for each row execute function refuse_closed_year();
