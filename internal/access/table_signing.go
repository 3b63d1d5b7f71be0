package access

// A signature is put by a signatory of the side alone; the last one signs the agreement. A ceremony is held by who has the agreements
// in hand, and each of its signatures is still put by its signatory. A seal is the program's own work.
func signingVerbs() []Verb {
	return []Verb{
		{Name: "signature.put", Roles: only(Signatory), Own: true},
		{Name: "ceremony.hold", Roles: only(Officer, Signatory), Own: true},
		{Name: "agreement.seal", Roles: only(Administrator), Rule: true},
	}
}
