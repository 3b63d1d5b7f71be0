package redline

import "testing"

func BenchmarkFortyPages(b *testing.B) {
	before, after, _ := Long(40, 1)
	for b.Loop() {
		Between(&before, &after)
	}
}
