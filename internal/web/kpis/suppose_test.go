package kpis

import (
	"net/url"
	"testing"

	"errera.eu/errera/internal/fault"
)

func TestWhatIsSupposedIsReadExactly(t *testing.T) {
	for typed, want := range map[string]string{"12": "12", "7,5": "15/2", "7.5": "15/2", " 0 ": "0", "1e9": "", "-4": "", "1.2.3": "", "0x10": "", ".": "", "1/3": "",
		"1234567890123456789": ""} {
		c := supposePage{Typed: url.Values{"if.a": {typed}}, Faults: map[string]*fault.Fault{}}
		values, _ := c.read()
		v := values["a"]
		if want == "" {
			if v != nil || c.Faults["if.a"] == nil {
				t.Errorf("%q reads as %v", typed, v)
			}
			continue
		}
		if v == nil || v.RatString() != want || len(c.Faults) > 0 {
			t.Errorf("%q reads as %v, want %s", typed, v, want)
		}
	}
	c := supposePage{Typed: url.Values{"half": {"1000,50"}}, Faults: map[string]*fault.Fault{}}
	if _, half := c.read(); half == nil || *half != 1000_50 {
		t.Errorf("half %v", half)
	}
	c = supposePage{Typed: url.Values{"half": {"much"}}, Faults: map[string]*fault.Fault{}}
	if _, half := c.read(); half != nil || c.Faults["half"] == nil {
		t.Error("a half that is no amount")
	}
}
