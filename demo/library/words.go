package library

import (
	"errera.eu/errera/internal/knowledge"
	"errera.eu/errera/internal/text"
)

// words are what the texts of a language are made of.
type words struct {
	titles, sentences, lists map[knowledge.Kind][]string
	slots                    map[string][]string
	invented                 string
}

func wordsOf(l text.Language) words {
	switch l {
	case text.NL:
		return dutch()
	case text.FR:
		return french()
	}
	return english()
}

func dutch() words {
	return words{
		invented: "Dit stuk is verzonnen voor de demonstratie.",
		titles: map[knowledge.Kind][]string{
			knowledge.Report: {"{market}: {topic} in {sector}", "{topic} in {market}, stand van {year}", "Wat {market} invoert: {sector} en {topic}",
				"De markt voor {sector} in {market}: {topic} en {topic}"},
			knowledge.Contacts: {"Contacten in {market}: {who} voor {sector}", "Wie wij spraken in {market}: {who}", "Lijst van {who} in {market} ({sector})"},
			knowledge.Lesson: {"Les uit onze zending naar {market}: {mistake}", "{sector}: wat we anders zouden doen na {event}",
				"Na {event} in {market}: {mistake}"},
			knowledge.HowTo: {"Stappenplan: {task} voor {market}", "Zo doen wij het: {task}", "{task}: in {n} dagen geregeld voor {sector}"},
		},
		sentences: map[knowledge.Kind][]string{
			knowledge.Report: {"De vraag naar {sector} in {market} groeit sinds {year}, vooral bij {who}.", "{topic} bepaalt of een levering op tijd doorgaat.",
				"Onze leden noemen {topic} en {topic} als de grootste hindernis.", "Wie via {who} verkoopt, wint ongeveer {n} weken.",
				"Grote kopers in {market} vragen een referentie uit de eigen streek.", "De prijzen liggen {n} procent hoger dan in de buurlanden.",
				"Sinds {year} gelden nieuwe regels voor {topic}.", "Tussen {n} en {n} bedrijven uit Vlaanderen zijn er al actief."},
			knowledge.Contacts: {"Deze lijst telt {n} namen van organisaties die we zelf ontmoetten tijdens {event}.", "Vraag het eerst aan ons voor u schrijft: {who} krijgen veel post.",
				"Bij elke naam staat wat zij zoeken en in welke taal zij antwoorden.", "De lijst is nagekeken in {year}; {who} zijn er nieuw bij.",
				"Voor {topic} verwijzen zij door naar {who}."},
			knowledge.Lesson: {"We onderschatten {topic}, en dat kostte {n} dagen.", "Van de {n} gesprekken bleven er na een half jaar drie over.",
				"De deelnemers waardeerden {event}, maar misten tijd voor {task}.", "{mistake}: het kwam pas aan het licht toen iedereen vertrokken was.",
				"Een volgende keer beginnen we {n} weken vroeger met {task}.", "Wat wel werkte: samen met {who} afspraken maken."},
			knowledge.HowTo: {"Begin met {task}, ten laatste {n} weken vooraf.", "Vraag {who} om een bevestiging op papier.", "Reken op {n} dagen voor {topic}.",
				"Gaat het om {sector}, dan is een apart attest nodig.", "Houd een kopie van elk formulier: {who} vragen er later naar."},
		},
		lists: map[knowledge.Kind][]string{
			knowledge.HowTo: {"controleer {topic}", "spreek met {who}", "regel {task}", "noteer wie wat belooft", "reken na of {topic} in de prijs zit", "vraag een tweede offerte"},
			knowledge.Contacts: {"{who}, hoofdstad: antwoorden in het Engels", "{who}, havenstad: zoeken {sector}", "{who}: alleen na een inleiding", "{who}: spreken Frans",
				"{who}: kopen één keer per jaar aan"},
		},
		slots: map[string][]string{
			"topic": {"invoerrechten", "certificering", "etikettering", "betalingstermijnen", "douaneformaliteiten", "openbare aanbestedingen", "merkbescherming", "transportkosten",
				"verpakkingsregels", "exportkredieten", "oorsprongsregels", "koelketens", "productaansprakelijkheid", "lokale vertegenwoordiging", "distributiekanalen",
				"gezondheidscertificaten", "databescherming", "belastingen op invoer", "arbeidsvergunningen", "kwaliteitscontrole"},
			"who": {"agenten", "invoerders", "verdelers", "aankoopcentrales", "ziekenhuizen", "overheidsdiensten", "groothandelaars", "advocatenkantoren", "kamers van koophandel",
				"onderzoekscentra", "clusters", "havenbedrijven", "studiebureaus", "investeerders"},
			"mistake": {"te veel steden in te weinig dagen", "stalen die aan de grens bleven liggen", "een tolk te weinig", "profielen die niemand had gelezen",
				"geen afspraken op de laatste dag", "een beurs in de vakantie van de kopers", "prijzen zonder invoerrechten", "opvolging die drie maanden wachtte"},
			"task": {"een visum aanvragen", "de groepsstand boeken", "afspraken vastleggen", "stalen verzenden", "het merk deponeren", "een agentuurcontract nalezen",
				"de opvolging plannen", "een prijslijst opmaken", "de douaneaangifte voorbereiden", "deelnemers selecteren"},
			"event": {"de voorjaarsbeurs", "de groepszending", "een reeks seminaries", "het matchmakingprogramma", "het prinselijke bezoek", "de inkopersdagen", "een onlinezending"},
		},
	}
}

func english() words {
	return words{
		invented: "This item is invented for the demonstration.",
		titles: map[knowledge.Kind][]string{
			knowledge.Report: {"{market}: {topic} in {sector}", "{topic} in {market}, as of {year}", "What {market} imports: {sector} and {topic}",
				"The market for {sector} in {market}: {topic} and {topic}"},
			knowledge.Contacts: {"Contacts in {market}: {who} for {sector}", "Whom we met in {market}: {who}", "List of {who} in {market} ({sector})"},
			knowledge.Lesson: {"Lesson from our mission to {market}: {mistake}", "{sector}: what we would do differently after {event}",
				"After {event} in {market}: {mistake}"},
			knowledge.HowTo: {"Step by step: {task} for {market}", "How we do it: {task}", "{task}: done in {n} days for {sector}"},
		},
		sentences: map[knowledge.Kind][]string{
			knowledge.Report: {"Demand for {sector} in {market} has grown since {year}, above all among {who}.", "Whether a delivery goes through on time depends on {topic}.",
				"Our members name {topic} and {topic} as the greatest obstacle.", "Who sells through {who} gains about {n} weeks.",
				"Large buyers in {market} ask for a reference from their own region.", "Prices are {n} per cent higher than next door.",
				"Since {year} new rules apply to {topic}.", "Between {n} and {n} Flemish companies are active there already."},
			knowledge.Contacts: {"This list has {n} names of organisations that we met ourselves at {event}.", "Ask us before you write: {who} get a lot of mail.",
				"Each name comes with what they look for and in which language they answer.", "The list was checked in {year}; {who} are new on it.",
				"For {topic} they refer to {who}."},
			knowledge.Lesson: {"We underestimated {topic}, and that took {n} days.", "Of {n} meetings three were left after half a year.",
				"Participants liked {event}, but had no time for {task}.", "It turned out only when everybody had left: {mistake}.",
				"Next time we begin {n} weeks earlier with {task}.", "What did work: making appointments together with {who}."},
			knowledge.HowTo: {"Begin with {task}, at the latest {n} weeks before.", "Ask {who} for a confirmation on paper.", "Allow {n} days for {topic}.",
				"For {sector} a separate certificate is needed.", "Keep a copy of every form: {who} ask for it later."},
		},
		lists: map[knowledge.Kind][]string{
			knowledge.HowTo: {"check {topic}", "talk to {who}", "arrange {task}", "write down who promises what", "see whether {topic} is in the price", "ask for a second quotation"},
			knowledge.Contacts: {"{who}, capital: answer in English", "{who}, port: look for {sector}", "{who}: after an introduction only", "{who}: speak French",
				"{who}: buy once a year"},
		},
		slots: map[string][]string{
			"topic": {"import duties", "certification", "labelling", "terms of payment", "customs formalities", "public tenders", "trademark protection", "transport costs",
				"packaging rules", "export credit", "rules of origin", "cold chains", "product liability", "local representation", "distribution channels", "health certificates",
				"data protection", "taxes on imports", "work permits", "quality inspection"},
			"who": {"agents", "importers", "distributors", "purchasing groups", "hospitals", "public authorities", "wholesalers", "law firms", "chambers of commerce",
				"research centres", "clusters", "port operators", "engineering firms", "investors"},
			"mistake": {"too many cities in too few days", "samples that stayed at the border", "one interpreter too few", "profiles that nobody had read",
				"no appointments on the last day", "a fair during the buyers’ holiday", "prices without import duties", "follow-up that waited three months"},
			"task": {"applying for a visa", "booking the group stand", "making appointments", "shipping samples", "filing the trademark", "reading an agency contract",
				"planning the follow-up", "drawing up a price list", "preparing the customs declaration", "selecting participants"},
			"event": {"the spring fair", "the group mission", "a series of seminars", "the matchmaking programme", "the royal visit", "the buyers’ days", "an online mission"},
		},
	}
}

func french() words {
	return words{
		invented: "Ce document est inventé pour la démonstration.",
		titles: map[knowledge.Kind][]string{
			knowledge.Report: {"{market} : {topic} ({sector})", "{market}, {topic} : situation en {year}", "Ce qu’importe ce marché : {market}, {sector}, {topic}",
				"{sector}, {market} : {topic} et {topic}"},
			knowledge.Contacts: {"Contacts, {market} : {who} ({sector})", "Qui nous avons rencontré, {market} : {who}", "Liste de contacts, {market} : {who}, {sector}"},
			knowledge.Lesson: {"Leçon de notre mission, {market} : {mistake}", "{sector} : ce que nous ferions autrement après {event}",
				"Après {event}, {market} : {mistake}"},
			knowledge.HowTo: {"Pas à pas, {market} : {task}", "Comment nous faisons : {task}", "{task} : en {n} jours ({sector})"},
		},
		sentences: map[knowledge.Kind][]string{
			knowledge.Report: {"La demande progresse depuis {year}, surtout auprès de ces acheteurs : {who}.", "La livraison à temps dépend de ceci : {topic}.",
				"Nos membres citent deux obstacles : {topic} et {topic}.", "Passer par les bons relais ({who}) fait gagner environ {n} semaines.",
				"Les grands acheteurs demandent une référence de leur propre région.", "Les prix y sont de {n} pour cent plus élevés que chez les voisins.",
				"Depuis {year}, de nouvelles règles s’appliquent : {topic}.", "Entre {n} et {n} entreprises flamandes y sont déjà actives."},
			knowledge.Contacts: {"Cette liste compte {n} organisations que nous avons rencontrées lors de {event}.", "Demandez-nous avant d’écrire : ces contacts ({who}) reçoivent beaucoup de courrier.",
				"Chaque nom est accompagné de ce qu’il cherche et de la langue dans laquelle il répond.", "La liste a été revue en {year} ; nouveaux venus : {who}."},
			knowledge.Lesson: {"Nous avions sous-estimé un point ({topic}), ce qui a coûté {n} jours.", "De {n} entretiens, il en restait trois après six mois.",
				"Les participants ont apprécié {event}, mais manquaient de temps pour la suite : {task}.", "On ne l’a vu qu’après le départ de tous : {mistake}.",
				"La prochaine fois, nous commencerons {n} semaines plus tôt : {task}.", "Ce qui a fonctionné : prendre rendez-vous avec ces relais : {who}."},
			knowledge.HowTo: {"Commencez au plus tard {n} semaines avant : {task}.", "Demandez une confirmation écrite ({who}).", "Comptez {n} jours : {topic}.",
				"Dans ce secteur ({sector}), une attestation distincte est requise.", "Gardez une copie de chaque formulaire : on vous la demandera ({who})."},
		},
		lists: map[knowledge.Kind][]string{
			knowledge.HowTo: {"vérifier : {topic}", "consulter : {who}", "régler : {task}", "noter qui promet quoi", "demander une deuxième offre"},
			knowledge.Contacts: {"{who}, capitale : répondent en anglais", "{who}, ville portuaire : cherchent un fournisseur", "{who} : uniquement après une introduction",
				"{who} : achètent une fois par an"},
		},
		slots: map[string][]string{
			"topic": {"droits d’importation", "certification", "étiquetage", "délais de paiement", "formalités douanières", "marchés publics", "protection des marques",
				"coûts de transport", "règles d’emballage", "crédits à l’exportation", "règles d’origine", "chaîne du froid", "responsabilité du produit", "représentation locale",
				"canaux de distribution", "certificats sanitaires", "protection des données", "taxes à l’importation", "permis de travail", "contrôle de qualité"},
			"who": {"agents", "importateurs", "distributeurs", "centrales d’achat", "hôpitaux", "services publics", "grossistes", "cabinets d’avocats", "chambres de commerce",
				"centres de recherche", "clusters", "opérateurs portuaires", "bureaux d’études", "investisseurs"},
			"mistake": {"trop de villes en trop peu de jours", "des échantillons restés à la frontière", "un interprète de moins qu’il n’en fallait", "des profils que personne n’avait lus",
				"aucun rendez-vous le dernier jour", "un salon pendant les congés des acheteurs", "des prix sans droits d’importation", "un suivi qui a attendu trois mois"},
			"task": {"demander un visa", "réserver le stand collectif", "fixer les rendez-vous", "expédier les échantillons", "déposer la marque", "relire un contrat d’agence",
				"planifier le suivi", "établir une liste de prix", "préparer la déclaration en douane", "sélectionner les participants"},
			"event": {"la foire de printemps", "la mission collective", "une série de séminaires", "la mise en relation", "la visite princière", "les journées d’acheteurs", "une mission en ligne"},
		},
	}
}
