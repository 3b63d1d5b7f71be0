package intake

import (
	"os"
	"testing"
)

func BenchmarkReadProgramme(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadProgramme(os.DirFS("../../demo/fit-2017-2021")); err != nil {
			b.Fatal(err)
		}
	}
}
