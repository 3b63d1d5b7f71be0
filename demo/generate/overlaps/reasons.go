package overlaps

// reasons are what people write when they decide, by their language: none says more of an activity than holds for any.
func reasons(state string) map[string][]string {
	switch state {
	case "moved":
		return map[string][]string{
			"nl": {"In overleg verplaatst, zodat onze leden naar beide kunnen.", "Later gezet, toen de sprekers konden.",
				"Verplaatst na een telefoontje met de andere organisator; de uitnodigingen waren nog niet weg."},
			"en": {"Moved after a call with the other organiser, so that companies can attend both.", "Moved: our speakers were free on the later days too."},
			"fr": {"Déplacée d’un commun accord, pour que les entreprises puissent participer aux deux."},
		}
	case "dismissed":
		return map[string][]string{
			"nl": {"Bij nader inzien een ander publiek: nauwelijks bedrijven op beide ledenlijsten.", "Zelfde markt, andere vraag. Geen overlapping.",
				"Nagekeken: wie voor het ene werd uitgenodigd, staat niet op de andere lijst.", "Bekeken met beide organisatoren: de programma’s vullen elkaar aan.",
				"De onderwerpen lijken op elkaar, de deelnemers niet.", "Twee reeksen die elk jaar naast elkaar lopen; niemand heeft er last van."},
			"en": {"Looked at with both organisers: another public.", "The subjects are alike, the participants are not."},
			"fr": {"Vérifié avec les deux organisateurs : un autre public."},
		}
	}
	return map[string][]string{
		"nl": {"De ene is voor wie voor het eerst uitvoert, de andere voor wie er al verkoopt. We verwijzen naar elkaar.",
			"Beide zitten nu al bijna vol; samen worden ze te groot.", "Afgesproken met de andere organisator: zij nemen de grote bedrijven, wij de kmo’s.",
			"Eén uitnodiging voor beide, zodat bedrijven kiezen en niemand dubbel wordt aangeschreven.", "De sprekers zijn vastgelegd en kunnen niet op een andere dag.",
			"Onze leden vroegen deze dag zelf; de andere organisator heeft geen bezwaar.",
			"Volgend jaar doen we het samen. Voor dit jaar waren beide al aangekondigd."},
		"en": {"One is for first exporters, the other for companies that sell there already. Each invitation names the other.",
			"Agreed with the other organiser: we share the list of participants, so that nobody is asked twice.", "The speakers are booked and cannot come on another day.",
			"Next year we organise it together; this year both were announced already.", "Our members pay for this one, and it goes deeper into contracts."},
		"fr": {"L’une s’adresse aux primo-exportateurs, l’autre aux entreprises déjà présentes. Chaque invitation mentionne l’autre.",
			"Convenu avec l’autre organisateur : une seule liste de participants, et personne n’est sollicité deux fois.",
			"Les orateurs sont réservés ; l’an prochain nous l’organiserons ensemble."},
	}
}
