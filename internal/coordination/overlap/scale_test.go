package overlap

import (
	"slices"
	"testing"
)

// TestCrowdIsFoundOut: of a large calendar every listing twice is found, and nothing else is told to be one.
func TestCrowdIsFoundOut(t *testing.T) {
	items, twice := Crowd(5000, 1)
	got := map[[2]string]bool{}
	for _, p := range NewFinder(items).All() {
		if p.Kind == Same {
			got[[2]string{p.A, p.B}] = true
		}
	}
	for _, pair := range twice {
		if !got[pair] {
			t.Errorf("%v are one activity", pair)
		}
		delete(got, pair)
	}
	if len(twice) < 90 || len(got) > len(twice)/50 {
		t.Errorf("%d listed twice; beside them %v", len(twice), got)
	}
}

// TestOneChangeIsQuick: finding what one changed activity touches needs no look at the others.
func BenchmarkChange(b *testing.B) {
	items, _ := Crowd(100_000, 1)
	f := NewFinder(items)
	b.ResetTimer()
	for i := range b.N {
		it := items[i%len(items)]
		it.Starts, it.Ends = it.Starts.AddDays(1), it.Ends.AddDays(1)
		f.Put(it)
		if len(slices.Concat(f.Of(it.ID))) > 10_000 {
			b.Fatal("too many pairs")
		}
	}
}

func BenchmarkAll100k(b *testing.B) {
	items, _ := Crowd(100_000, 1)
	b.ReportAllocs()
	for b.Loop() {
		b.ReportMetric(float64(len(NewFinder(items).All())), "pairs")
	}
}
