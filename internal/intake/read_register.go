package intake

import (
	"errera.eu/errera/internal/activity"
	"errera.eu/errera/internal/evidence"
	"errera.eu/errera/internal/id"
	"errera.eu/errera/internal/intake/country"
	"errera.eu/errera/internal/outcome"
	"errera.eu/errera/internal/period"
	"errera.eu/errera/internal/programme"
	"errera.eu/errera/internal/text"
)

func (r *reader) readActivities() {
	columns := `code* title* type* state* starts* ends* place* city country url language organisers* markets sectors needs places reported
		reported_by verified verified_by reason
		audience price`
	anybody := func(*organisation) bool { return true }
	r.activities.usable = r.each(sheet{"activities.csv", columns}, func(x *record) {
		a := &activityRow{at: x.at}
		a.ID = id.New[id.Activity]()
		a.Code, a.Title = x.code("code"), x.name("title")
		a.Type = activity.Type(x.oneOf("type", texts(activity.Types())...))
		a.State = activity.State(x.oneOf("state", texts(activity.States())...))
		a.Starts = x.date("starts")
		a.Ends = x.dateFrom("ends", a.Starts, "starts")
		r.inPeriod(x, "starts", a.Starts)
		a.Place = activity.Place(x.oneOf("place", texts(activity.Places())...))
		a.City, a.Country, a.URL, a.Language = x.name("city"), x.country("country"), x.url("url"), x.language("language")
		if (a.Place == activity.Onsite || a.Place == activity.Hybrid) && x.cell("country") == "" {
			x.fault("country", "intake.want.country_onsite", nil)
		}
		a.organisers = r.credits(x, "organisers", anybody, "")
		a.Markets = x.list("markets", "intake.want.countries", nil, country.Is)
		a.Sectors = x.list("sectors", "intake.want.codes", nil, isCode)
		a.Needs = x.wordsOf("needs", activity.Needs()...)
		a.Places = int(x.integer("places", 0, 1_000_000, 0))
		a.Audience = activity.Audience(x.oneOf("audience", texts(activity.Audiences())...))
		a.Price = x.positive("price", true)
		a.Reason = x.words("reason", longestWords)
		r.activityStory(x, a)
		if r.activities.put(x, "code", a.Code, a) && len(a.organisers) > 0 {
			r.folder.activities = append(r.folder.activities, a)
		}
	})
}

// inPeriod says that something happened while the programme ran.
func (r *reader) inPeriod(x *record, column string, d period.Date) {
	p := r.folder.programme
	if d == "" || p.Starts == "" || p.Ends == "" || p.Span().Contains(d) {
		return
	}
	x.fault(column, "intake.want.in_programme", text.Args{"from": string(p.Starts), "to": string(p.Ends)})
}

// activityStory reads who reported and verified an activity, as far as its state has come.
func (r *reader) activityStory(x *record, a *activityRow) {
	reported, verified := a.State == activity.Reported || a.State == activity.Verified, a.State == activity.Verified
	if a.State == "" {
		return
	}
	belongs(x, reported, "intake.want.only_reported", "reported", "reported_by")
	belongs(x, verified, "intake.want.only_verified", "verified", "verified_by")
	if (a.State == activity.Cancelled) != (x.cell("reason") != "") {
		want := text.Key("intake.want.only_cancelled")
		if a.State == activity.Cancelled {
			want = "intake.want.reason_cancelled"
		}
		x.fault("reason", want, nil)
	}
	if reported {
		a.reported = x.dateFrom("reported", a.Starts, "starts")
		if a.reporter = r.person(x, "reported_by"); a.reporter != nil && !r.worksFor(a.reporter, a.organisers) {
			x.fault("reported_by", "intake.want.of_organiser", nil)
		}
	}
	if verified {
		a.verified = x.dateFrom("verified", a.reported, "reported")
		a.verifiedBy = r.agent(x, "verified_by", r.agency, "officer")
		other(x, "verified_by", a.verifiedBy, a.reporter, "reported_by")
	}
}

// belongs says that cells are filled when a state has them, and empty when it has not.
func belongs(x *record, here bool, want text.Key, columns ...string) {
	for _, c := range columns {
		switch filled := x.cell(c) != ""; {
		case here && !filled:
			x.fault(c, "intake.want.required", nil)
		case !here && filled:
			x.fault(c, want, nil)
		}
	}
}

// worksFor tells whether a person is of the agency or of one of the organisers.
func (r *reader) worksFor(p *person, all []organiser) bool {
	for _, held := range p.roles {
		if held.organisation == nil {
			continue
		}
		if held.organisation.Kind == programme.KindAgency && held.name != "auditor" {
			return true
		}
		for _, o := range all {
			if o.organisation == held.organisation {
				return true
			}
		}
	}
	return len(all) == 0
}

func (r *reader) readParticipations() {
	type pair struct {
		activity *activityRow
		company  *companyRow
	}
	once := map[pair]bool{}
	columns := "activity* company* state* recorded verified verified_by"
	r.each(sheet{"participations.csv", columns}, func(x *record) {
		p := &participation{}
		p.ID = id.New[id.Participation]()
		a, ok := r.activities.find(x, "activity", x.code("activity"))
		c, found := r.companies.find(x, "company", x.code("company"))
		p.State = x.oneOf("state", activity.ParticipationStates()...)
		attended := p.State == "attended"
		p.RecordedOn = x.date("recorded")
		if attended {
			belongs(x, true, "", "recorded")
		}
		if attended && ok && a.State != "" && !a.State.Happened() {
			x.fault("state", "intake.want.happened", text.Args{"state": a.State.Key()})
		} else if attended && ok && p.RecordedOn != "" && p.RecordedOn < a.Starts {
			x.fault("recorded", "intake.want.not_before", text.Args{"date": string(a.Starts), "column": "activities.csv starts"})
		}
		if p.State != "" && !attended {
			belongs(x, false, "intake.want.only_attended", "verified", "verified_by")
		}
		if attended && (x.cell("verified") != "" || x.cell("verified_by") != "") {
			belongs(x, true, "", "verified", "verified_by")
			p.verified = x.dateFrom("verified", p.RecordedOn, "recorded")
			p.verifiedBy = r.agent(x, "verified_by", r.agency, "officer")
		}
		if !ok || !found {
			return
		}
		if once[pair{a, c}] {
			x.fault("company", "intake.want.pair_once", nil)
			return
		}
		once[pair{a, c}] = true
		p.activity, p.company = a, c
		r.folder.participations = append(r.folder.participations, p)
	})
}

func (r *reader) readOutcomes() {
	columns := `code* kind* company activity partners* date* market sector need amount adjusted quantity marks recorded* state* decided decided_by reason`
	once := newTable[bool]("outcomes.csv")
	creditable := func(o *organisation) bool { return o.Kind != programme.KindOther }
	r.each(sheet{"outcomes.csv", columns}, func(x *record) {
		o := &outcomeRow{}
		o.ID = id.New[id.Outcome]()
		o.Code = x.code("code")
		o.Kind = evidence.Kind(x.oneOf("kind", texts(outcome.Kinds())...))
		o.company, _ = r.companies.find(x, "company", x.code("company"))
		o.activity, _ = r.activities.find(x, "activity", x.code("activity"))
		o.partners = r.credits(x, "partners", creditable, "intake.want.partner_or_agency")
		o.Dated = x.date("date")
		if p := r.folder.programme; p.Starts != "" && o.Dated != "" && o.Dated < p.Starts {
			x.fault("date", "intake.want.not_before", text.Args{"date": string(p.Starts), "column": "programme.toml starts"})
		}
		o.Market, o.Sector, o.Need = x.country("market"), x.code("sector"), x.oneOf("need", activity.Needs()...)
		if amount, given := x.amount("amount"); given {
			o.Amount = &amount
		}
		if net, given := x.amount("adjusted"); given && !evidence.Adjusts(o.Amount, net) {
			x.fault("adjusted", "intake.want.adjusted", nil)
		} else if given {
			o.Adjusted = &net
		}
		o.Marks = x.wordsOf("marks", evidence.MarksOf(o.Kind)...)
		o.Quantity = x.decimal("quantity")
		if o.Kind != "" && o.Quantity != "" && !outcome.Measured(o.Kind) {
			x.fault("quantity", "intake.want.no_quantity", text.Args{"kind": string(o.Kind)})
		}
		o.RecordedOn = x.dateFrom("recorded", o.Dated, "date")
		r.outcomeStory(x, o)
		if once.put(x, "code", o.Code, true) && len(o.partners) > 0 {
			r.folder.outcomes = append(r.folder.outcomes, o)
		}
	})
}

// outcomeStory reads who verified or rejected an outcome.
func (r *reader) outcomeStory(x *record, o *outcomeRow) {
	o.state = evidence.State(x.oneOf("state", "reported", "verified", "rejected"))
	if o.state == "" {
		return
	}
	decided := o.state != evidence.Reported
	belongs(x, decided, "intake.want.only_decided", "decided", "decided_by")
	o.reason = x.words("reason", longestWords)
	if o.state == evidence.Rejected && x.cell("reason") == "" {
		x.fault("reason", "intake.want.reason_rejected", nil)
	}
	if decided {
		o.decided = x.dateFrom("decided", o.RecordedOn, "recorded")
		o.decidedBy = r.agent(x, "decided_by", r.agency, "officer")
	}
}
