package index

import (
	"slices"
	"strings"

	"errera.eu/errera/internal/text"
)

// stops are the words that stand in every text of a language, folded and sorted.
var stops = map[text.Language][]string{
	text.NL: sorted(`aan al alle als bij dan dat de den der deze die dit door een en er ge had heb hebben heeft het hier hij hoe hun ik in
		is je kan kunnen maar me meer men met mij mijn moet na naar niet nog of om omdat ons onze ook op over te tot u uit uw van voor
		waar want was wat we wel werd wie wij worden wordt zal ze zich zij zijn zo zou`),
	text.EN: sorted(`all also am an and any are as at be been but by can could did do does for from had has have he her his how if in into is
		it its may me more my no nor not of on or our she should so than that the their them then there these they this those to us was
		we were what when where which who why will with would you your`),
	text.FR: sorted(`ai au aux avec avoir ce ces cette chez comme dans de des du elle elles en est et etre eu fait il ils je la le les leur
		leurs lui mais mes meme mon ne nos notre nous on ont ou par pas peut plus pour qu que quel quelle qui sa sans se ses son sont
		sur ta te tes ton tout tous tres tu un une vos votre vous`),
}

func sorted(words string) []string {
	all := strings.Fields(words)
	slices.Sort(all)
	return all
}
