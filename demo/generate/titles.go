package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// templates per type; {city}, {market}, {home}, {theme}, {things} and {people} are filled in.
func templates(kind string) []string {
	switch kind {
	case "mission":
		return []string{"Trade mission to {city}: {theme}", "Mission to {city} for {people}", "{Theme}: group journey to {city}", "First steps in {market}: mission to {city}",
			"{People} to {city} and {city2}", "Mission to {city} and {city2}", "Buyers and partners in {city}", "Explorers' mission to {city}: {things}",
			"{City} in four days: {theme}", "Joint visits to distributors in {market}"}
	case "fair":
		return []string{"Group stand at the {city} {things} fair", "{City} fair: {theme} under one roof", "Flemish street at the {things} fair, {city}",
			"{Theme} at the fair in {city}", "Stand shared by eight: {things} in {city}", "{People} at the trade fair in {city}", "Guided fair visit, {city}: {theme}"}
	case "seminar":
		return []string{"Selling {things} to {market}", "{Market} for {people}", "Doing business in {market}: what changed", "{Theme}: where are the buyers?",
			"Getting paid in {market}", "Contracts with agents in {market}", "Finding a distributor in {market}", "Customs for {people}", "{Market} after the elections",
			"Rules of origin, explained for {people}", "Pricing {things} for export", "How {people} start in {market}", "{Theme} in {market}: three cases",
			"Export credit and guarantees for {people}", "Sending staff to {market}", "{Market} update, breakfast in {home}", "{Theme}, {home}", "Tenders in {market} for {people}",
			"Protecting a trade mark in {market}", "Labels and standards: {things} in {market}", "Delivery terms without tears", "Negotiating in {market}",
			"Briefing: {things} after Brexit", "VAT across the border for {people}", "Region by region: {things} in {market}", "Lunch with the trade attaché for {market}"}
	case "knowledge":
		return []string{"Market report: {things} in {market}", "Lessons learned in {market}", "Exchange table: {theme}", "Who buys {things} in {market}?", "Library evening: {market}",
			"Study: {theme} in {market}", "Peer group of export managers, {home}", "Checklist for {market}, made by {people}", "Questions and answers on {market}"}
	case "retention":
		return []string{"Round table with site managers, {home}", "Foreign-owned {people}: what keeps you here?", "Plant managers' dinner, {home}", "Talks on energy and talent with foreign-owned {people}",
			"Head office visits {home}: making the case", "Suppliers near foreign-owned sites, {home}", "Permits and space: plant managers meet the region"}
	case "matchmaking":
		return []string{"Meet the buyer: {things} for {market}", "Export day {home}", "Speed dates with distributors from {market}", "{Theme}: buyers meet {people}",
			"Tables of ten: {market}", "Partners wanted in {market}: {things}", "Investors meet {people}", "Matching afternoon {home}: {theme}"}
	case "coaching":
		return []string{"Coaching for first exports, group {home}", "An export plan in five sessions", "From enquiry to order: coaching for {people}", "Twelve weeks to {market}",
			"Growth track: {things} abroad", "One coach, six companies: {market}", "Second market, second plan"}
	case "course":
		return []string{"Course: export administration", "Letters of credit in two days", "Course: negotiating with {market}", "Export manager in ten evenings, {home}",
			"Trade terms and transport, course for {people}", "Selling on platforms in {market}, course", "Reading a balance sheet from {market}", "Customs clerk, basic course {home}"}
	case "visit":
		return []string{"Buyers from {market} visit {people}", "Delegation from {city} in {home}", "Incoming mission {city}: {theme}", "Company visits with guests from {market}",
			"Importers from {city} taste and see: {things}", "Open doors in {home} for visitors from {market}"}
	case "conference":
		return []string{"{Theme} forum {home}", "Conference: {things} without borders", "Flanders meets {market}", "Annual export conference, {home}", "{Market} day", "Summit on {theme}"}
	}
	return []string{"Get-together of {people}, {home}"}
}

// title makes a title that no other activity of the programme has.
func (w *world) title(r *rand.Rand, a *activity) string {
	m, s := marketOf(a.markets[0]), sectorOf(a.sectors[0])
	home := pick(r, towns()).name
	city := a.city
	if a.country == "BE" || a.country == "" {
		home, city = a.city, pick(r, m.cities)
		if home == "" {
			home = "online"
		}
	}
	for try := 0; ; try++ {
		city2 := pick(r, m.cities)
		if city2 == city {
			city2 = "surroundings"
		}
		t := pick(r, templates(a.kind))
		if t == "Briefing: {things} after Brexit" && m.iso != "GB" || a.country == "" && strings.Contains(t, "home") && try < 30 {
			continue
		}
		theme := pick(r, s.themes)
		t = strings.NewReplacer("{city}", city, "{City}", city, "{city2}", city2, "{market}", m.name, "{Market}", upper(m.name), "{home}", home, "{theme}", theme,
			"{Theme}", upper(theme), "{things}", s.things, "{people}", s.people, "{People}", upper(s.people)).Replace(t)
		if a.country == "" {
			t = online(a.kind, t)
		}
		if try > 20 {
			t = fmt.Sprintf("%s, %s", t, pick(r, []string{"new edition", "second group", "for beginners", "for the advanced", "evening group", "in full days", "by request", "with " + s.people}))
		}
		if !w.titles[t] {
			w.titles[t] = true
			return t
		}
	}
}

func online(kind, title string) string {
	switch kind {
	case "mission":
		return strings.Replace(strings.Replace(title, "Trade mission to", "Virtual mission to", 1), "Mission to", "Virtual mission to", 1)
	case "fair":
		return "Digital stand: " + title
	case "matchmaking", "visit":
		return title + " (by video)"
	}
	return title
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
