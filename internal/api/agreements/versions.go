package agreements

import (
	"net/http"
	"strconv"

	"errera.eu/errera/internal/agreement"
	"errera.eu/errera/internal/agreement/redline"
	"errera.eu/errera/internal/api"
	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/settlement"
)

// Version is a snapshot of an agreement that one side put on the table.
type Version struct {
	Version    int      `json:"version"`
	Side       string   `json:"side" enum:"agency,partner" doc:"Who proposed it"`
	State      string   `json:"state" enum:"proposed,countered,withdrawn,superseded,accepted"`
	Hash       string   `json:"hash" doc:"SHA-256 of the document's canonical form"`
	Note       string   `json:"note"`
	MadeAt     string   `json:"made_at"`
	AnswerBy   api.Day  `json:"answer_by"`
	AcceptedBy []string `json:"accepted_by" nullable:"false" doc:"The sides that are bound to its hash"`
}

// VersionText is a version with its document.
type VersionText struct {
	Version
	Document agreement.Document `json:"document"`
}

// Standing is where a negotiation is.
type Standing struct {
	Open     bool    `json:"open"`
	Agreed   bool    `json:"agreed"`
	Turn     string  `json:"turn" enum:",agency,partner" doc:"Whose answer is awaited"`
	Since    string  `json:"since"`
	AnswerBy api.Day `json:"answer_by"`
	Version  int     `json:"version" doc:"The newest version; 0 before the first"`
}

// RedlineOf is the difference of two versions, described in docs/agreement-document.md.
type RedlineOf struct {
	Clauses []RedlineClause `json:"clauses" nullable:"false"`
	Values  []RedlineValue  `json:"values" nullable:"false"`
	Lists   []RedlineList   `json:"lists" nullable:"false"`
}

// RedlineClause is a clause on its way from one version to another.
type RedlineClause struct {
	Code      string           `json:"code"`
	WasCode   string           `json:"was_code"`
	From      int              `json:"from"`
	To        int              `json:"to"`
	OldNumber string           `json:"old_number"`
	NewNumber string           `json:"new_number"`
	OldLevel  int              `json:"old_level"`
	NewLevel  int              `json:"new_level"`
	Moved     bool             `json:"moved"`
	Title     []RedlineSegment `json:"title" nullable:"false"`
	Text      []RedlineSegment `json:"text" nullable:"false"`
}

// RedlineSegment is a piece of text with what became of it.
type RedlineSegment struct {
	Op   string `json:"op" enum:"keep,del,ins"`
	Text string `json:"text"`
}

// RedlineValue is a field with its two values.
type RedlineValue struct {
	Place  string `json:"place"`
	Kind   string `json:"kind"`
	Old    string `json:"old"`
	New    string `json:"new"`
	Change string `json:"change,omitempty"`
}

// RedlineList is a list whose members or order differ.
type RedlineList struct {
	Name string   `json:"name"`
	Old  []string `json:"old" nullable:"false"`
	New  []string `json:"new" nullable:"false"`
}

// Comment hangs on a place of an agreement.
type Comment struct {
	ID      string `json:"id"`
	Version int    `json:"version" doc:"The version that it was made on"`
	Place   string `json:"place" doc:"Such as clause.CODE or kpi.CODE.target.2027; empty is the whole"`
	Side    string `json:"side" enum:"agency,partner"`
	Words   string `json:"words"`
	ReplyTo string `json:"reply_to,omitempty"`
	At      string `json:"at"`
	Settled bool   `json:"settled"`
}

// VersionsIn asks for versions or comments.
type VersionsIn struct {
	api.InProgramme
	api.Paged
	Partner string `path:"partner" doc:"Code of the partner"`
}

// VersionIn asks for one.
type VersionIn struct {
	api.InProgramme
	api.Cached
	Partner string `path:"partner" doc:"Code of the partner"`
	Number  int    `path:"n" minimum:"1" doc:"Number of the version"`
}

// RedlineIn asks what differs.
type RedlineIn struct {
	api.InProgramme
	api.Cached
	Partner string `path:"partner" doc:"Code of the partner"`
	From    int    `query:"from" minimum:"1" required:"true" doc:"Number of the old version"`
	To      int    `query:"to" minimum:"1" required:"true" doc:"Number of the new version"`
}

// ProposeIn puts a version on the table.
type ProposeIn struct {
	api.InProgramme
	api.Idempotent
	Partner string `path:"partner" doc:"Code of the partner"`
	Body    struct {
		Document agreement.Document `json:"document"`
		Note     string             `json:"note,omitempty" maxLength:"2000"`
		After    int                `json:"after" minimum:"0" doc:"The newest version that was read; a newer one on the table refuses this"`
	}
}

// AnswerIn accepts a version by its hash, or withdraws it.
type AnswerIn struct {
	api.InProgramme
	api.Conditional
	Partner string `path:"partner" doc:"Code of the partner"`
	Number  int    `path:"n" minimum:"1" doc:"Number of the version"`
	Body    struct {
		Hash string `json:"hash" minLength:"64" maxLength:"64" doc:"Of the content that was read"`
	}
}

// CommentIn says something about a place.
type CommentIn struct {
	api.InProgramme
	api.Idempotent
	Partner string `path:"partner" doc:"Code of the partner"`
	Body    struct {
		Place   string `json:"place,omitempty" maxLength:"200"`
		Words   string `json:"words" minLength:"1" maxLength:"2000"`
		ReplyTo string `json:"reply_to,omitempty"`
	}
}

func negotiation(a *api.API) {
	const at, noun = "/programmes/{programme}/agreements/{partner}", "Negotiation"
	api.Get(a, api.Operation{ID: "get-standing", Path: at + "/standing", Noun: noun, Summary: "Whose turn it is, since when and by when", Verb: "agreement.read"},
		func(c *api.Call, in *api.AgreementIn) (Standing, error) {
			x, all, err := tableOf(c, in.Partner)
			s := x.Standing(all)
			return Standing{s.Open, s.Agreed, string(s.Turn), string(s.Since), api.DayOf(s.By), s.Last.N}, err
		})
	api.List(a, api.Operation{ID: "list-versions", Path: at + "/versions", Noun: noun, Summary: "The versions of an agreement", Verb: "agreement.read"},
		func(c *api.Call, in *VersionsIn) ([]Version, string, error) {
			_, all, err := tableOf(c, in.Partner)
			if err != nil {
				return nil, "", err
			}
			page, next, err := api.Cut(all, in.Paged, func(v agreement.Version) string { return strconv.Itoa(v.N) })
			out := make([]Version, len(page))
			for i, v := range page {
				out[i] = versionOut(v)
			}
			return out, next, err
		})
	api.Get(a, api.Operation{ID: "get-version", Path: at + "/versions/{n}", Noun: noun, Summary: "A version with its document", Verb: "agreement.read"},
		func(c *api.Call, in *VersionIn) (VersionText, error) { return versionText(c, in.Partner, in.Number) })
	api.Get(a, api.Operation{ID: "get-redline", Path: at + "/redline", Noun: noun, Summary: "What differs between two versions, in words and numbers", Verb: "agreement.read"},
		redlineOf)
	api.Create(a, api.Operation{ID: "propose-version", Path: at + "/versions", Noun: noun, Summary: "Propose or counter with a version", Verb: "version.propose"}, propose)
	for _, verb := range []struct{ name, summary string }{{"accept", "Accept the version on the table by its hash"}, {"withdraw", "Withdraw one's own version"}} {
		name := verb.name
		leave := api.Operation{ID: name + "-version", Path: at + "/versions/{n}/" + name, Noun: noun, Summary: verb.summary, Verb: "version.accept"}
		if name == "withdraw" {
			leave.Verb = "version.withdraw"
		}
		api.Change(a, leave, http.MethodPost,
			func(c *api.Call, in *AnswerIn) (VersionText, error) { return versionText(c, in.Partner, in.Number) },
			func(c *api.Call, in *AnswerIn) (VersionText, error) { return answerVersion(c, in, name) })
	}
	api.List(a, api.Operation{ID: "list-comments", Path: at + "/comments", Noun: noun, Summary: "What was said about an agreement", Verb: "agreement.read"},
		func(c *api.Call, in *VersionsIn) ([]Comment, string, error) {
			x, _, err := tableOf(c, in.Partner)
			if err != nil {
				return nil, "", err
			}
			all, err := agreement.Comments(c, c.Tx, c.G.ID, x.ID)
			if err != nil {
				return nil, "", err
			}
			page, next, err := api.Cut(all, in.Paged, func(x agreement.Comment) string { return string(x.ID) })
			out := make([]Comment, len(page))
			for i, x := range page {
				out[i] = commentOut(x)
			}
			return out, next, err
		})
	api.Create(a, api.Operation{ID: "create-comment", Path: at + "/comments", Noun: noun, Summary: "Comment on a clause, an objective or a number", Verb: "comment.write"},
		func(c *api.Call, in *CommentIn) (Comment, string, error) {
			x, _, err := tableOf(c, in.Partner)
			if err != nil {
				return Comment{}, "", err
			}
			reply, err := id.Parse[id.Comment](in.Body.ReplyTo)
			if err != nil && in.Body.ReplyTo != "" {
				return Comment{}, "", fault.Missing("agreement.comment_missing", nil)
			}
			said, err := agreement.Write(c, c.Tx, c.By, c.G.ID, x.ID, agreement.Comment{Place: in.Body.Place, Words: in.Body.Words, ReplyTo: reply})
			return commentOut(said), "/api/v1/programmes/" + c.G.Code + "/agreements/" + in.Partner + "/comments", err
		})
}

func tableOf(c *api.Call, partner string) (agreement.Agreement, []agreement.Version, error) {
	x, err := agreement.ByPartner(c, c.Tx, c.By.ScopeFor("agreement.read"), c.G.ID, partner)
	if err != nil {
		return x, nil, err
	}
	all, err := agreement.Versions(c, c.Tx, c.G.ID, x.ID)
	return x, all, err
}

func versionOut(v agreement.Version) Version {
	out := Version{Version: v.N, Side: string(v.Side), State: string(v.State), Hash: v.Hash, Note: v.Note, MadeAt: string(v.MadeAt), AnswerBy: api.DayOf(v.AnswerBy),
		AcceptedBy: []string{}}
	for _, b := range v.Bound {
		out.AcceptedBy = append(out.AcceptedBy, string(b.Side))
	}
	return out
}

func versionText(c *api.Call, partner string, n int) (VersionText, error) {
	x, _, err := tableOf(c, partner)
	if err != nil {
		return VersionText{}, err
	}
	v, err := agreement.LoadVersion(c, c.Tx, c.G.ID, x.ID, n)
	return VersionText{versionOut(v), v.Document}, err
}

func propose(c *api.Call, in *ProposeIn) (VersionText, string, error) {
	x, _, err := tableOf(c, in.Partner)
	if err != nil {
		return VersionText{}, "", err
	}
	setting, err := settlement.SettingFor(c, c.Tx, c.G, x)
	if err != nil {
		return VersionText{}, "", err
	}
	v, err := agreement.Propose(c, c.Tx, c.By, &setting, x.ID, agreement.Proposal{Document: in.Body.Document, Note: in.Body.Note, After: in.Body.After})
	return VersionText{versionOut(v), v.Document}, "/api/v1/programmes/" + c.G.Code + "/agreements/" + in.Partner + "/versions/" + strconv.Itoa(v.N), err
}

func answerVersion(c *api.Call, in *AnswerIn, verb string) (VersionText, error) {
	x, _, err := tableOf(c, in.Partner)
	if err != nil {
		return VersionText{}, err
	}
	if verb == "withdraw" {
		err = agreement.Withdraw(c, c.Tx, c.By, c.G.ID, x.ID, in.Number)
	} else {
		setting, e := settlement.SettingFor(c, c.Tx, c.G, x)
		if e != nil {
			return VersionText{}, e
		}
		_, err = agreement.Accept(c, c.Tx, c.By, &setting, x.ID, in.Body.Hash)
	}
	if err != nil {
		return VersionText{}, err
	}
	return versionText(c, in.Partner, in.Number)
}

func redlineOf(c *api.Call, in *RedlineIn) (RedlineOf, error) {
	x, _, err := tableOf(c, in.Partner)
	if err != nil {
		return RedlineOf{}, err
	}
	old, err := agreement.LoadVersion(c, c.Tx, c.G.ID, x.ID, in.From)
	if err != nil {
		return RedlineOf{}, err
	}
	new, err := agreement.LoadVersion(c, c.Tx, c.G.ID, x.ID, in.To)
	if err != nil {
		return RedlineOf{}, err
	}
	diff := redline.Between(&old.Document, &new.Document)
	out := RedlineOf{Clauses: []RedlineClause{}, Values: []RedlineValue{}, Lists: []RedlineList{}}
	for _, x := range diff.Clauses {
		out.Clauses = append(out.Clauses, RedlineClause{x.Code, x.WasCode, x.From, x.To, x.OldNumber, x.NewNumber, x.OldLevel, x.NewLevel, x.Moved,
			segmentsOut(x.Title), segmentsOut(x.Text)})
	}
	for _, v := range diff.Values {
		out.Values = append(out.Values, RedlineValue{v.Place, string(v.Kind), v.Old, v.New, v.Change})
	}
	for _, l := range diff.Lists {
		out.Lists = append(out.Lists, RedlineList(l))
	}
	return out, nil
}

func segmentsOut(all []redline.Segment) []RedlineSegment {
	out := make([]RedlineSegment, len(all))
	for i, s := range all {
		out[i] = RedlineSegment{string(s.Op), s.Text}
	}
	return out
}

func commentOut(x agreement.Comment) Comment {
	return Comment{ID: string(x.ID), Version: x.N, Place: x.Place, Side: string(x.Side), Words: x.Words, ReplyTo: string(x.ReplyTo), At: string(x.At), Settled: x.Settled}
}
