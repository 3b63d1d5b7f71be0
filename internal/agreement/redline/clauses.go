package redline

import (
	"cmp"
	"hash/maphash"
	"slices"

	"errera.eu/errera/internal/agreement"
)

// clauses pairs the clauses of both documents and compares the words of each pair.
func clauses(old, new []agreement.Clause) []Clause {
	from := pair(old, new)
	oldNumbers, newNumbers := agreement.Numbers(old), agreement.Numbers(new)
	kept := make([]int, 0, len(new)) // places in the new document of clauses that were in the old one
	for j, i := range from {
		if i >= 0 {
			kept = append(kept, j)
		}
	}
	stays := map[int]bool{}
	for _, j := range rising(kept, func(j int) int { return from[j] }) {
		stays[j] = true
	}
	gone := removed(len(old), from)
	var all []Clause
	for j, c := range new {
		x := Clause{Code: c.Code, From: from[j], To: j, NewNumber: newNumbers[j], OldLevel: c.Level, NewLevel: c.Level}
		var was agreement.Clause
		if i := from[j]; i >= 0 {
			was = old[i]
			x.WasCode, x.OldNumber, x.OldLevel, x.Moved = was.Code, oldNumbers[i], was.Level, !stays[j]
		}
		x.Title, x.Text = Words(was.Title, c.Title), Words(was.Text, c.Text)
		if stays[j] {
			for len(gone) > 0 && gone[0] < from[j] {
				all, gone = append(all, removedClause(old, oldNumbers, gone[0])), gone[1:]
			}
		}
		all = append(all, x)
	}
	for _, i := range gone {
		all = append(all, removedClause(old, oldNumbers, i))
	}
	return append([]Clause{}, all...)
}

func removedClause(old []agreement.Clause, numbers []string, i int) Clause {
	c := old[i]
	return Clause{Code: c.Code, WasCode: c.Code, From: i, To: -1, OldNumber: numbers[i], OldLevel: c.Level, NewLevel: c.Level,
		Title: Words(c.Title, ""), Text: Words(c.Text, "")}
}

// removed lists, rising, the places of the old document that no clause of the new one comes from.
func removed(n int, from []int) []int {
	taken := make([]bool, n)
	for _, i := range from {
		if i >= 0 {
			taken[i] = true
		}
	}
	var gone []int
	for i, t := range taken {
		if !t {
			gone = append(gone, i)
		}
	}
	return gone
}

// alike is how much of two clauses without a common code must be common, in thousandths, for one to be the other.
const alike = 500

// pair tells for each clause of the new document where it was in the old one, or -1: by its code, else by its very words, else by enough of
// them.
func pair(old, new []agreement.Clause) []int {
	from := make([]int, len(new))
	byCode := map[string]int{}
	for i, c := range old {
		byCode[c.Code] = i
	}
	taken := make([]bool, len(old))
	for j, c := range new {
		from[j] = -1
		if i, has := byCode[c.Code]; has && !taken[i] {
			from[j], taken[i] = i, true
		}
	}
	bySame := map[[2]string][]int{}
	for i, c := range old {
		if !taken[i] {
			bySame[[2]string{c.Title, c.Text}] = append(bySame[[2]string{c.Title, c.Text}], i)
		}
	}
	for j, c := range new {
		key := [2]string{c.Title, c.Text}
		if same := bySame[key]; from[j] < 0 && len(same) > 0 {
			from[j], taken[same[0]], bySame[key] = same[0], true, same[1:]
		}
	}
	pairAlike(old, new, from, taken)
	return from
}

// pairAlike pairs what is left by the share of threes of words that two clauses have in common, the most alike first.
func pairAlike(old, new []agreement.Clause, from []int, taken []bool) {
	seed := maphash.MakeSeed()
	index := map[uint64][]int{}
	sizes := make([]int, len(old))
	for i, c := range old {
		if !taken[i] {
			marks := shingles(seed, c)
			sizes[i] = len(marks)
			for m := range marks {
				index[m] = append(index[m], i)
			}
		}
	}
	if len(index) == 0 {
		return
	}
	type match struct{ i, j, score int }
	var found []match
	for j, c := range new {
		if from[j] >= 0 {
			continue
		}
		common := map[int]int{}
		marks := shingles(seed, c)
		for m := range marks {
			for _, i := range index[m] {
				common[i]++
			}
		}
		for i, n := range common {
			if score := 2000 * n / (sizes[i] + len(marks)); score >= alike {
				found = append(found, match{i, j, score})
			}
		}
	}
	slices.SortFunc(found, func(a, b match) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.j, b.j), cmp.Compare(a.i, b.i))
	})
	for _, m := range found {
		if from[m.j] < 0 && !taken[m.i] {
			from[m.j], taken[m.i] = m.i, true
		}
	}
}

// shingles are the threes of words of a clause, by hash.
func shingles(seed maphash.Seed, c agreement.Clause) map[uint64]bool {
	var words []string
	for _, t := range tokens(c.Title + "\n" + c.Text) {
		if kindOf([]rune(t)[0]) == 1 {
			words = append(words, t)
		}
	}
	all := map[uint64]bool{}
	for i := range words {
		var h maphash.Hash
		h.SetSeed(seed)
		for _, w := range words[i:min(i+3, len(words))] {
			h.WriteString(w)
			h.WriteByte(0)
		}
		all[h.Sum64()] = true
	}
	return all
}
