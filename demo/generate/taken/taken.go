// Package taken writes how far the claims of a running round were taken up: verification and approval are verbs, no facts, so its file holds the
// moves of people. It also gives everybody an invented bank account.
package taken

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// How far the claims of 2026 were taken up: those of the members named here, in the order in which the round lists them; the others wait.
const (
	approved = iota + 1
	verified
	asked
	halfway
)

func takenUp() map[string]int {
	return map[string]int{"agoria": verified, "voka": halfway, "x-voedingsrad": approved, "x-chemiebond": approved,
		"x-waterforum": approved, "x-familiezaak": asked, "x-startkracht": halfway, "blauwe-cluster": verified}
}

// Claim is a partner's claim of the running year, with what it declares.
type Claim struct {
	Partner, Name string
	Year          int
	Items         []Item
}

// Item is a cost of a claim; its amount is in cents.
type Item struct {
	Ref string
	Net int64
}

// Write writes the file of moves in the folder "claims" of a round.
func Write(dir string, agency [2]string, claims []Claim) error {
	dir = filepath.Join(dir, "claims")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	m := moves{{"move", "partner", "by", "place", "value", "words"}}
	m.add("account", agency[0], "payer@fit.example", "", inventedIBAN(1), agency[1])
	m.add("confirm", agency[0], "payer.2@fit.example", "", "", "")
	for i, c := range claims {
		m.add("account", c.Partner, "finance@"+c.Partner+".example", "", inventedIBAN(i+2), c.Name)
		m.add("confirm", c.Partner, "payer@fit.example", "", "", "")
	}
	for _, c := range claims {
		if how := takenUp()[c.Partner]; how > 0 {
			m.takeUp(c, how)
		}
	}
	var out bytes.Buffer
	if err := csv.NewWriter(&out).WriteAll(m); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "moves.csv"), out.Bytes(), 0o644)
}

type moves [][]string

func (m *moves) add(cells ...string) { *m = append(*m, cells) }

func (m *moves) takeUp(c Claim, how int) {
	const controller = "controller@fit.example"
	at := strconv.Itoa(c.Year) + "/1"
	m.add("open", c.Partner, controller, at, "", "")
	for i, item := range c.Items {
		ref := at + "/" + item.Ref
		switch {
		case how == asked:
			m.add("ask", c.Partner, controller, ref, "", "Welke deelnemers waren er? De aanwezigheidslijst ontbreekt bij de factuur.")
			return
		case how == halfway && i > 0:
			return
		case how == verified && i == 0:
			m.add("deduct", c.Partner, controller, ref, cents(item.Net/20), "not-agreed: Recepties vallen buiten de overeenkomst.")
		default:
			m.add("accept", c.Partner, controller, ref, "", "")
		}
	}
	m.add("verify", c.Partner, controller, at, "", "")
	if how == approved {
		m.add("approve", c.Partner, "approver@fit.example", at, "", "")
	}
}

func cents(n int64) string { return fmt.Sprintf("%d.%02d", n/100, n%100) }

// inventedIBAN is a Belgian account number with right check digits at a bank that does not exist.
func inventedIBAN(n int) string {
	account := 9990000000 + int64(n)*137
	check := account % 97
	if check == 0 {
		check = 97
	}
	national := fmt.Sprintf("%010d%02d", account, check)
	var rest int64
	for _, c := range national + "111400" { // BE00 behind it, letters as numbers: ISO 13616
		rest = (rest*10 + int64(c-'0')) % 97
	}
	return "BE" + fmt.Sprintf("%02s", strconv.FormatInt(98-rest, 10)) + national
}
