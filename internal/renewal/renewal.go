// Package renewal opens the next round of a programme from the one that runs: it carries over rules, goals, KPIs and criteria, drafts the
// agreements of the partners that were chosen, and proposes targets from what was attained. What is negotiated and signed after that is
// agreement's; it judges nobody, and changes nothing in the round that it starts from.
package renewal
