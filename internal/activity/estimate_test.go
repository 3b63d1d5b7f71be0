package activity

import (
	"fmt"
	"math/big"
	"testing"

	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/money"
)

// TestBudgetsAddUpAndEffectsDoNot: of two activities made one, costs are those of both, and a company or a meeting is counted once.
func TestBudgetsAddUpAndEffectsDoNot(t *testing.T) {
	a := Estimate{map[string]money.Amount{"travel": 100, "venue": 7}, map[id.KPI]*big.Rat{"reach": big.NewRat(12, 1), "contacts": big.NewRat(3, 1)}}
	b := Estimate{map[string]money.Amount{"travel": 50, "staff": 1}, map[id.KPI]*big.Rat{"reach": big.NewRat(15, 1), "entries": big.NewRat(1, 1)}}
	got := together(a, b)
	if want := "map[staff:0.01 travel:1.50 venue:0.07] map[contacts:3/1 entries:1/1 reach:15/1]"; fmt.Sprint(got.Costs, got.Effects) != want {
		t.Errorf("%v %v, want %s", got.Costs, got.Effects, want)
	}
	if got.Cost() != 158 {
		t.Error(got.Cost())
	}
}
