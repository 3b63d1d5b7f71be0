package intake

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"errera.eu/errera/internal/access"
	"errera.eu/errera/internal/coordination"
	"errera.eu/errera/internal/db"
	"errera.eu/errera/internal/db/dbtest"
	"errera.eu/errera/internal/programme"
)

// overlapping is the by-hand programme with five activities more, and decisions about the pairs that they make with others.
func overlapping(t *testing.T, rows ...string) fstest.MapFS {
	t.Helper()
	files := byHand(t)
	activities := string(files["activities.csv"].Data) +
		"b1,Leipzig for food makers,mission,planned,2018-05-16,2018-05-18,onsite,Leipzig,DE,,en,beta,DE,food,contacts,10,,,,,\n" +
		"b2,To the north of France,seminar,planned,2018-10-10,2018-10-10,onsite,Kortrijk,BE,,nl,alpha,FR,textiles,information,25,,,,,\n" +
		"b3,Steel in Chicago,fair,planned,2018-11-27,2018-11-29,onsite,Chicago,US,,en,alpha,US,metal,contacts,8,,,,,\n" +
		"b4,France at the loom,seminar,planned,2018-10-11,2018-10-11,onsite,Kortrijk,BE,,nl,beta,FR,textiles,information,25,,,,,\n" +
		"b5,Chicago in iron,fair,planned,2018-11-28,2018-11-30,onsite,Chicago,US,,en,gamma,US,metal,contacts,8,,,,,\n"
	files["activities.csv"] = &fstest.MapFile{Data: []byte(activities)}
	files["overlaps.csv"] = &fstest.MapFile{Data: []byte("activity,other,state,moved_from,decided,decided_by,reason\n" + strings.Join(rows, "\n") + "\n")}
	return files
}

const (
	justifiedRow = "b1,a2,justified,,2018-01-10,coordinator@beta.example,One is for bakers"
	dismissedRow = "a5,b2,dismissed,,2018-02-01,officer@bureau.example,Another public"
	movedRow     = "b3,a3,moved,2018-09-19,2018-03-01,coordinator@alpha.example,The hall is free later"
)

// TestDecidedOverlapsAreLoaded: they stand as decided on their day, with who and why, and the trail knows; what was not decided is open.
func TestDecidedOverlapsAreLoaded(t *testing.T) {
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		load(t, d, overlapping(t, justifiedRow, dismissedRow, movedRow))
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			p, err := programme.Current(t.Context(), tx, "by-hand")
			if err != nil {
				return err
			}
			all, err := coordination.Between(t.Context(), tx, access.All, p.ID, "2018-01-01", "2018-12-31")
			if err != nil {
				return err
			}
			var got []string
			for _, o := range all {
				if o.Reopened {
					t.Errorf("%s and %s were decided and are open again", o.A.Code, o.B.Code)
				}
				pair := []string{o.A.Code, o.B.Code}
				slices.Sort(pair)
				line := strings.Join(pair, " ") + " " + string(o.State)
				steps, err := coordination.History(t.Context(), tx, p.ID, o.ID)
				if err != nil {
					return err
				}
				for _, s := range steps {
					line += " " + string(s.Verb) + " " + string(s.On) + " " + s.By + ": " + s.Reason
				}
				got = append(got, line)
			}
			slices.Sort(got)
			want := []string{"a2 b1 justified overlap.justify 2018-01-10 Coordinator Beta: One is for bakers",
				"a3 b3 moved overlap.move 2018-03-01 Coordinator Alpha: The hall is free later",
				"a5 b2 dismissed overlap.dismiss 2018-02-01 Officer: Another public", "a5 b4 open", "b2 b4 open", "b3 b5 open"}
			if !slices.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		whole(t, d)
	})
}

// TestFaultyOverlapsAreTold at their row and column, and only what is decided elsewhere can be said.
func TestFaultyOverlapsAreTold(t *testing.T) {
	for _, c := range []struct{ row, want string }{
		{justifiedRow, ""},
		{strings.Replace(justifiedRow, "b1,", "b9,", 1), `overlaps.csv:2 activity "b9" in_file`},
		{strings.Replace(justifiedRow, "a2", "a3", 1), `overlaps.csv:2 other "a3" overlap.want_pair`},
		{strings.Replace(justifiedRow, "a2", "b1", 1), `overlaps.csv:2 other "b1" overlap.want_pair`},
		{strings.Replace(justifiedRow, "justified", "joined", 1), `overlaps.csv:2 state "joined" one_of`},
		{strings.Replace(justifiedRow, ",,", ",2018-03-03,", 1), `overlaps.csv:2 moved_from "2018-03-03" only_moved`},
		{strings.Replace(justifiedRow, "2018-01-10", "soon", 1), `overlaps.csv:2 decided "soon" date`},
		{strings.Replace(justifiedRow, "One is for bakers", "", 1), `overlaps.csv:2 reason "" required`},
		{strings.Replace(justifiedRow, "beta", "gamma", 1), `overlaps.csv:2 decided_by "coordinator@gamma.example" decides_overlap`},
		{strings.Replace(justifiedRow, "beta", "nobody", 1), `overlaps.csv:2 decided_by "coordinator@nobody.example" in_file`},
		{strings.Replace(dismissedRow, "officer@bureau", "coordinator@gamma", 1), `overlaps.csv:2 decided_by "coordinator@gamma.example" role`},
		{strings.Replace(movedRow, "2018-09-19", "", 1), `overlaps.csv:2 moved_from "" required`},
		{strings.Replace(movedRow, "2018-09-19", "2018-01-19", 1), `overlaps.csv:2 decided "2018-03-01" overlap.want_before`},
		{strings.Replace(movedRow, "2018-09-19", "2018-04-19", 1), `overlaps.csv:2 other "a3" overlap.want_pair`},
		{strings.Replace(movedRow, "alpha", "beta", 1), `overlaps.csv:2 decided_by "coordinator@beta.example" decides_overlap`},
		{"b3,b5,moved,2018-09-19,2018-03-01,coordinator@alpha.example,Later", `overlaps.csv:2 moved_from "2018-09-19" overlap.want_apart`},
		{justifiedRow + "\na2,b1,justified,,2018-01-11,officer@bureau.example,Again", `overlaps.csv:3 other "b1" overlap_once`},
	} {
		if told := strings.Join(faultsOf(t, overlapping(t, c.row)), "\n"); told != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.row, told, c.want)
		}
	}
}
