package intake

func registerFaults() []breakage {
	const a, p, o = "activities.csv", "participations.csv", "outcomes.csv"
	return []breakage{
		{a, "2018-05-15,2018-05-17", "2018-05-15,2018-05-14", []string{`activities.csv:3 ends "2018-05-14" not_before`}},
		{a, "onsite,Leipzig,DE", "onsite,Leipzig,", []string{`activities.csv:3 country "" country_onsite`}},
		{a, "alpha:2 beta:1", "alpha:2 beta:0", []string{`activities.csv:2 organisers "alpha:2 beta:0" weights`}},
		{a, "alpha:2 beta:1", "alpha:2 alpha:1", []string{`activities.csv:2 organisers "alpha:2 alpha:1" once_in_list`}},
		{a, "a6,Evening", "a5,Evening", []string{`activities.csv:7 code "a5" once`}},
		{a, ",2018-06-11,officer@bureau.example", ",2018-06-11,coordinator@alpha.example", []string{
			`activities.csv:3 verified_by "coordinator@alpha.example" role`, `activities.csv:3 verified_by "coordinator@alpha.example" other_person`,
		}},
		{a, "2018-05-30,coordinator@alpha.example", "2018-05-30,finance@beta.example", []string{`activities.csv:3 reported_by "finance@beta.example" of_organiser`}},
		{a, ",,,,,Too few registrations", ",,,,,", []string{`activities.csv:7 reason "" reason_cancelled`}},
		{a, "Too few registrations", "\"Too few \"registrations\"", []string{`activities.csv:7  "" quotes`}},
		{p, "a2,c5,attended", "a6,c5,attended", []string{`participations.csv:9 state "attended" happened`}},
		{p, "a2,c5,attended", "a2,c1,attended", []string{`participations.csv:9 company "c1" pair_once`}},
		{p, "a2,c5,attended", "a2,c99,attended", []string{`participations.csv:9 company "c99" in_file`}},
		{p, "a1,c5,no-show,2018-04-20,,", "a1,c5,no-show,2018-04-20,2018-05-02,", []string{`participations.csv:6 verified "2018-05-02" only_attended`}},
		{p, "a1,c6,attended,2018-04-20,,", "a1,c6,attended,2018-04-20,2018-05-02,", []string{`participations.csv:7 verified_by "" required`}},
		{o, "w01,win", "w02,win", []string{`outcomes.csv:20 code "w02" once`}},
		{o, "w04,win,c2,,beta,2018-12-10", "w04,win,c2,,beta,2017-12-10", []string{`outcomes.csv:22 date "2017-12-10" not_before`}},
		{o, "9000.00,,2018-12-14,reported", "9000.00,5,2018-12-14,reported", []string{`outcomes.csv:22 quantity "5" no_quantity`}},
		{o, "2018-12-14,reported,,,", "2018-12-14,rejected,,,", []string{
			`outcomes.csv:22 decided "" required`, `outcomes.csv:22 decided_by "" required`, `outcomes.csv:22 reason "" reason_rejected`,
		}},
	}
}

func moneyFaults() []breakage {
	const c, i, p = "claims.csv", "cost_items.csv", "payments.csv"
	return []breakage{
		{c, "2019-01-18,finance@alpha.example", "2019-01-18,finance@beta.example", []string{`claims.csv:3 entered_by "finance@beta.example" role`}},
		{c, "alpha,2018,2,", "alpha,2018,3,", []string{
			`claims.csv:3 number "3" next_number`, `cost_items.csv:4 claim "2" claim_of`, `cost_items.csv:5 claim "2" claim_of`,
			`payments.csv:4 claim "2" claim_of`,
		}},
		{c, "2019-01-18,finance@alpha.example,2019-02-04,controller@bureau.example,2019-02-08", "2018-07-25,finance@alpha.example,2018-08-08,controller@bureau.example,2018-08-09", []string{
			`claims.csv:3 approved "2018-08-09" not_before`, `cost_items.csv:4 decided "2019-01-30" not_after`,
			`cost_items.csv:5 invoiced "2018-11-20" not_after`, `cost_items.csv:5 decided "2019-01-30" not_after`,
		}},
		{c, "2019-02-04,controller@bureau.example,2019-02-08,approver@bureau.example", "2019-02-04,controller@bureau.example,2018-08-09,approver@bureau.example", []string{
			`claims.csv:3 approved "2018-08-09" not_before`,
		}},
		{c, ",2019-02-08,approver@bureau.example", ",2019-02-08,controller@bureau.example", []string{
			`claims.csv:3 approved_by "controller@bureau.example" role`, `claims.csv:3 approved_by "controller@bureau.example" other_person`,
		}},
		{i, "h02,alpha,2018,1,a2", "h01,alpha,2018,1,a2", []string{`cost_items.csv:3 ref "h01" once`}},
		{i, "h02,alpha,2018,1,a2", "h02,alpha,2018,7,a2", []string{`cost_items.csv:3 claim "7" claim_of`}},
		{i, "h02,alpha,2018,1,a2", "h02,alpha,2018,1,a9", []string{`cost_items.csv:3 activity "a9" in_file`}},
		{i, "2018-05-22,2018-05-15", "2018-05-22,2017-05-15", []string{`cost_items.csv:3 delivered "2017-05-15" date_in_year`}},
		{i, "2018-05-22,2018-05-15", "2018-07-22,2018-05-15", []string{`cost_items.csv:3 invoiced "2018-07-22" not_after`}},
		{i, "Export guide,BE1810010496", "Export guide,BE1810010497", []string{`cost_items.csv:5 supplier "BE1810010497" supplier`}},
		{i, "USD,0.8437,", "USD,,", []string{`cost_items.csv:7 rate "" required`}},
		{i, "USD,0.8437,", "USD,-0.8437,", []string{`cost_items.csv:7 rate "-0.8437" rate`}},
		{i, "USD,0.8437,", "EUR,0.8437,", []string{
			`cost_items.csv:7 rate "0.8437" only_foreign`, `cost_items.csv:7 rate_date "2018-05-02" only_foreign`,
			`cost_items.csv:7 rate_source "invented rate" only_foreign`,
		}},
		{i, "2500.05,525.01,,deducted,750.55", "2500.05,525.01,,deducted,2850.08", []string{`cost_items.csv:8 deducted "2850.08" deduction`}},
		{i, "deducted,750.55,not-agreed", "deducted,750.55,", []string{`cost_items.csv:8 reason_code "" required`}},
		{i, "deducted,750.55,not-agreed", "accepted,750.55,not-agreed", []string{`cost_items.csv:8 deducted "750.55" only_deducted`}},
		{i, "2019-02-06,controller@bureau.example,h08", "2019-02-06,controller@bureau.example,h07", []string{
			`cost_items.csv:10 returns "h07" parked`, `cost_items.csv:10 invoice "18.0220" invoice_once`,
		}},
		{i, "2019-02-06,controller@bureau.example,h08", "2019-02-06,controller@bureau.example,", []string{`cost_items.csv:10 invoice "18.0220" invoice_once`}},
		{i, "2018-101", "2018/077", []string{`cost_items.csv:6 invoice "2018-077" invoice_once`}},
		{"corrections.csv", "h14,1000.01", "h12,0", []string{`corrections.csv:2 cost "0" above_zero`}},
		{"corrections.csv", "h14,1000.01", "h14,7950.54", []string{`corrections.csv:2 cost "7950.54" funding.correction_too_much`}},
		{"corrections.csv", "h14,1000.01", "h01,1000.01", []string{`corrections.csv:2 item "h01" item_of`}},
		{p, "alpha,2018,advance,,9000.00", "alpha,2018,advance,,9000.01", []string{`payments.csv:2 amount "9000.01" at_most`}},
		{p, "alpha,2018,claim,2,9866.67", "alpha,2018,claim,2,9866.68", []string{`payments.csv:4 amount "9866.68" funding.paid_too_much`}},
		{p, "9866.67,2019-02-11,payer@bureau.example,payer.2@", "9866.67,2019-02-11,payer@bureau.example,payer@", []string{`payments.csv:4 approved_by "payer@bureau.example" other_person`}},
		{p, "alpha,2018,claim,2,9866.67", "alpha,2018,balance,,9866.67", []string{`payments.csv:4 amount "9866.67" funding.balance_before_final`}},
		{p, "9866.67,2019-02-11,", "9866.67,2019-02-07,", []string{`payments.csv:4 ordered "2019-02-07" not_before`}},
	}
}
