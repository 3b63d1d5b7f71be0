package library

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// A question of the demonstration, with its answers. Who asks and answers is a function of the organisation.
type question struct {
	code, organisation, by, on, state, language, title, markets, sectors, body string
	answers                                                                    []answer
}

type answer struct{ organisation, by, on, item, body string }

// saveQuestions writes library/questions.csv. Two questions wait for an answer; what others answer is useful, and made up where it says what
// happened.
func saveQuestions(dir string) error {
	rows := [][]string{strings.Split("question,organisation,by,on,state,language,title,markets,sectors,item,body", ",")}
	for _, q := range questions() {
		rows = append(rows, []string{q.code, q.organisation, at(q.by, q.organisation), q.on, q.state, q.language, q.title, q.markets, q.sectors, "", q.body})
		for _, a := range q.answers {
			rows = append(rows, []string{q.code, a.organisation, at(a.by, a.organisation), a.on, "", "", "", "", "", a.item, a.body})
		}
	}
	f, err := os.Create(filepath.Join(dir, "library", "questions.csv"))
	if err != nil {
		return err
	}
	return errors.Join(csv.NewWriter(f).WriteAll(rows), f.Close())
}

func at(function, organisation string) string { return function + "@" + organisation + ".example" }

func questions() []question {
	return append([]question{
		{"drones-israel", "euka", "coordinator", "2018-03-12", "closed", "nl", "Drones meenemen naar een beurs in Israël: welke papieren?", "IL", "drones",
			"Drie van onze leden nemen in mei een toestel mee naar een beurs. Wat moet vooraf geregeld zijn, en wat kan nog aan de grens?",
			[]answer{{"dsp-valley", "coordinator", "2018-03-13", "", "Batterijen gaan in de handbagage, met afgeplakte contacten; boven 100 wattuur is het akkoord van de luchtvaartmaatschappij nodig. Neem voor elk toestel een lijst met serienummers en waarde mee, in drie exemplaren."},
				{"fit", "tech", "2018-03-15", "", "Meld de zenders vooraf aan de organisator van de beurs: die weet wie de vergunning voor radioapparatuur geeft. Ons kantoor ter plaatse kijkt de papieren na als ze er tien dagen vooraf zijn."}}},
		{"incoterms", "essenscia", "member", "2018-06-18", "closed", "nl", "Hoe leggen jullie leveringsvoorwaarden uit aan wie voor het eerst uitvoert?", "", "chemistry plastics",
			"Onze nieuwe leden kiezen bijna altijd EXW, omdat het eenvoudig klinkt. Hebben jullie een voorbeeld dat werkt?",
			[]answer{{"vil", "coordinator", "2018-06-19", "", "Wij laten hen één zending natekenen: wie betaalt, wie draagt het risico, wie doet de aangifte. Bij EXW staat de koper in voor de uitvoeraangifte, en dat kan hij van daar vaak niet. Daarna kiezen ze zelf FCA."},
				{"unizo", "coordinator", "2018-06-21", "", "Een blad met vier kolommen: voorwaarde, plaats, wie verzekert, wat er misging bij een ander. De laatste kolom onthouden ze."},
				{"fit", "regions", "2018-06-25", "", "We nemen dit voorbeeld op in de basisopleiding van het najaar. Stuur gerust uw leden."}}},
		{"keuring-dubai", "unizo", "member", "2018-09-10", "closed", "nl", "Wie kent een keuringsdienst voor voeding in Dubai?", "AE", "food",
			"Een bakker uit Aalst kreeg een vraag voor diepgevroren deeg. De invoerder wil een keuring vóór verscheping.",
			[]answer{{"fevia", "coordinator", "2018-09-11", "", "Wij hielden bij drie leden bij hoe de keuring verliep en welke etiketten men wou zien; u krijgt het blad. Vraag eerst aan de invoerder welke dienst hij aanvaardt: dat verschilt per emiraat."},
				{"fit", "regions", "2018-09-14", "", "Ons kantoor in Dubai heeft een lijst en belt de invoerder mee op als u dat wenst."}}},
		{"tolk-poznan", "voka", "member", "2018-10-02", "closed", "nl", "Een tolk Pools voor één dag in Poznan, wie heeft goede ervaringen?", "PL", "",
			"Acht bedrijven, twaalf gesprekken, techniek en prijzen. Engels volstaat niet bij de kleinere afnemers.",
			[]answer{{"agoria", "member", "2018-10-03", "", "Neem er twee: na zes gesprekken is één tolk op. Stuur de woordenlijst van elk bedrijf een week vooraf, dat scheelt de helft van de vragen."},
				{"vil", "member", "2018-10-04", "", "Wij deelden vorig jaar een bureau met een andere partner en betaalden elk de helft. Wil u dat opnieuw doen op de tweede dag? Wij zijn die week ook daar."}}},
		{"lait-chine", "bccc", "coordinator", "2018-11-05", "closed", "fr", "Qui a déjà accompagné l’enregistrement d’une laiterie pour la Chine ?", "CN", "food",
			"Un de nos membres vend du lait en poudre et ne sait pas par où commencer. Combien de temps faut-il prévoir ?",
			[]answer{{"fevia", "coordinator", "2018-11-06", "", "L’établissement doit figurer sur la liste chinoise avant le premier envoi, et la demande passe par l’autorité belge. Prévoyez plusieurs mois, et faites vérifier l’étiquette chinoise avant d’imprimer."},
				{"fccc", "coordinator", "2018-11-08", "", "Wij hebben dit met twee leden doorlopen. Het traagste was de vertaling van de plattegrond van het bedrijf: begin daarmee."}}},
		{"engineers-pune", "bicci", "coordinator", "2019-02-11", "open", "en", "Which engineering firms around Pune answer within a week?", "IN", "machinery",
			"Our members lose months on letters without a reply. We look for firms that also take small orders.",
			[]answer{{"fit", "asia", "2019-02-12", "Wie wij spraken in India: studiebureaus", "The list of whom we spoke to says in which language they answer and what they look for. Call before you write: a call at eleven, local time, works best."},
				{"agoria", "coordinator", "2019-02-14", "", "Ask for the person who plans production, not for purchasing. Six of our members got a visit that way."}}},
	}, recent()...)
}

// recent are the questions of the last months before the day that pages start from.
func recent() []question {
	return []question{
		{"visum-korea", "voka", "coordinator", "2019-04-18", "closed", "nl", "Hoe lang op voorhand vraagt u een visum aan voor technici in Zuid-Korea?", "KR", "machinery",
			"Een lid plaatst in september een machine. Twee technici blijven zes weken.",
			[]answer{{"fit", "asia", "2019-04-19", "Stappenplan: een visum aanvragen voor Zuid-Korea", "Ons stappenplan is van deze maand. Voor zes weken werk ter plaatse hebt u een uitnodiging van de klant nodig: vraag die eerst, en boek de vlucht daarna."},
				{"agoria", "member", "2019-04-23", "", "Reken op vijf weken, en laat de klant de taken van elke technicus opschrijven. Een algemene brief kwam bij ons terug."}}},
		{"marokko-2020", "fit", "regions", "2019-05-06", "closed", "nl", "Wie plant in 2020 iets in Marokko?", "MA", "",
			"Voor we een zending vastleggen, willen we weten wat er al staat. Een idee zonder datum is genoeg.",
			[]answer{{"voka", "coordinator", "2019-05-07", "", "Bouw en voeding, in het voorjaar. We doen het liever samen dan ernaast."},
				{"unizo", "coordinator", "2019-05-09", "", "Niets gepland, maar twaalf leden vroegen ernaar. We sluiten graag aan."},
				{"fevia", "member", "2019-05-13", "", "Alleen een bezoek aan een beurs in Casablanca. Dat kan dezelfde week."}}},
		{"echantillons-douane", "bccc", "member", "2019-06-17", "open", "fr", "Comment assurez-vous des échantillons qui restent en douane ?", "CN", "machinery",
			"Lors de la dernière mission, deux caisses sont arrivées après le salon. L’assurance n’a rien remboursé.",
			[]answer{{"vil", "coordinator", "2019-06-18", "", "Une assurance de transport couvre la perte et les dégâts, rarement le retard. Demandez une clause séparée, et envoyez les caisses pour qu’elles arrivent dix jours avant."}}},
		{"lawyer-new-york", "startups-be", "coordinator", "2019-07-01", "open", "en", "A lawyer in New York for a first distribution contract: what should it cost?", "US", "digital",
			"Two of our start-ups were quoted amounts that differ by a factor of five for the same ten pages.",
			[]answer{{"b-hive", "coordinator", "2019-07-02", "", "Ask for a fixed price for reading and one round of changes. By the hour it has no end, and the other side’s lawyer is paid by the hour too."},
				{"fit", "tech", "2019-07-04", "", "Our office there can name three firms that work for small companies; the first talk is free. Settle first which court decides: that is where the price comes from."}}},
		{"water-chile", "flanders-cleantech", "coordinator", "2019-08-26", "open", "nl", "Welke steden in Chili zoeken hulp bij het hergebruik van water?", "CL", "water cleantech",
			"We bereiden een bezoek voor in november en hebben alleen contacten in de hoofdstad.", nil},
		{"carnet-taiwan", "dsp-valley", "member", "2019-09-09", "open", "en", "Has anybody sent test equipment to Taiwan and back on one customs document?", "TW", "electronics",
			"A member shows a measuring system worth 80,000 euro for three days and does not want to pay duty on it.", nil},
	}
}
