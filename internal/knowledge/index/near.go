package index

// nearPrefix is how much of a word its deletions are made from: what differs after it is found by the letters before it.
const nearPrefix = 8

// shortestNear is the shortest word in which a slip is looked for: among words of three letters everything is near everything.
const shortestNear = 4

// Deletions are the forms by which a word is found when one letter of it is missing, wrong, too many, or changed places with the next: its
// first letters as they are, and with each one left out. Two words that are one slip apart share a form.
func Deletions(word string) []string {
	letters := []rune(word)
	if len(letters) < shortestNear {
		return nil
	}
	head := letters[:min(len(letters), nearPrefix)]
	out := []string{string(head)}
	for i := range head {
		if i > 0 && head[i] == head[i-1] {
			continue // leaving out either of two like letters gives the same
		}
		out = append(out, string(head[:i])+string(head[i+1:]))
	}
	return out
}

// OneSlip tells whether two different words are one slip apart: a letter missing, wrong or too many, or two neighbours that changed places.
func OneSlip(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(y)-len(x) > 1 || a == b {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	same := func(p, q []rune) bool { return string(p) == string(q) }
	if len(x) < len(y) {
		return same(x[i:], y[i+1:])
	}
	if same(x[i+1:], y[i+1:]) {
		return true
	}
	return i+1 < len(x) && x[i] == y[i+1] && x[i+1] == y[i] && same(x[i+2:], y[i+2:])
}

// Reversed is a word from its last letter to its first, to find words by how they end.
func Reversed(word string) string {
	r := []rune(word)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}
