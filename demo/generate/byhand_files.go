package main

func handPromises() map[string]string {
	return map[string]string{
		"organisations.csv": `code,name,short,kind,group,vat_recoverable_bp
bureau,Bureau of Trade,Bureau,agency,agency,0
alpha,Alpha Federation,Alpha,partner,partners,10000
beta,Beta Chamber,Beta,partner,partners,3333
gamma,Gamma Network,Gamma,partner,partners,0
`,
		"people.csv": handPeople(),
		"agreements.csv": `partner,state,signed,starts,ends,version
alpha,active,2018-01-01,2018-01-01,2018-12-31,1
beta,active,2018-01-01,2018-01-01,2018-12-31,1
gamma,active,2018-01-01,2018-01-01,2018-12-31,1
`,
		"ceilings.csv": `partner,year,amount
alpha,2018,30000.00
beta,2018,25000.50
gamma,2018,18000.00
`,
		"objectives.csv": `partner,code,goal,text_nl,text_en,text_fr
alpha,abroad,abroad,Leden naar het buitenland begeleiden,Take members abroad,Accompagner les membres à l'étranger
beta,abroad,abroad,Leden naar het buitenland begeleiden,Take members abroad,Accompagner les membres à l'étranger
gamma,abroad,abroad,Leden naar het buitenland begeleiden,Take members abroad,Accompagner les membres à l'étranger
`,
		"assignments.csv": `partner,objective,kpi,rule,baseline,weight,floor_bp
alpha,abroad,companies,level,0,30,5000
alpha,abroad,contacts,level,0,25,5000
alpha,abroad,joint,level,0,15,5000
alpha,abroad,sales,progress,10000,20,5000
alpha,abroad,satisfaction,hold,80,10,5000
beta,abroad,companies,level,0,35,5000
beta,abroad,contacts,level,0,30,6000
beta,abroad,joint,level,0,15,5000
beta,abroad,sales,level,0,20,5000
gamma,abroad,companies,level,0,40,5000
gamma,abroad,contacts,level,0,30,5000
gamma,abroad,joint,level,0,20,5000
gamma,abroad,satisfaction,level,0,10,5000
`,
		"targets.csv": `partner,kpi,year,value,set_on,reason
alpha,companies,2018,8,,
alpha,companies,2018,7,2018-06-15,One member organisation left the federation
alpha,contacts,2018,10,,
alpha,joint,2018,1,,
alpha,sales,2018,40000,,
alpha,satisfaction,2018,80,,
beta,companies,2018,6,,
beta,contacts,2018,5,,
beta,joint,2018,2,,
beta,sales,2018,9000,,
gamma,companies,2018,8,,
gamma,contacts,2018,4,,
gamma,joint,2018,2,,
gamma,satisfaction,2018,80,,
`,
		"waivers.csv": `partner,kpi,year,decision
gamma,joint,2018,no-partner
`,
	}
}

func handPeople() string {
	return `email,name,role,organisation,language
officer@bureau.example,Officer,officer,bureau,nl
controller@bureau.example,Controller,controller,bureau,nl
payer@bureau.example,Payer,payer,bureau,nl
payer.2@bureau.example,Second payer,payer,bureau,nl
approver@bureau.example,Approver,approver,bureau,nl
administrator@bureau.example,Administrator,administrator,bureau,nl
coordinator@alpha.example,Coordinator Alpha,coordinator,alpha,nl
finance@alpha.example,Finance Alpha,finance,alpha,nl
coordinator@beta.example,Coordinator Beta,coordinator,beta,fr
finance@beta.example,Finance Beta,finance,beta,fr
coordinator@gamma.example,Coordinator Gamma,coordinator,gamma,en
finance@gamma.example,Finance Gamma,finance,gamma,en
`
}

func handFacts() map[string]string {
	return map[string]string{
		"companies.csv": `code,number,scheme,name,postcode,city,country,sector,size,size_source,size_year,nace,parent_country
c1,1910001759,BE-CBE,Proefaks Voeding nv,9000,Gent,BE,food,small,declared,2017,10.89,
c2,1910033037,BE-CBE,Kwetselon Metaal nv,8500,Kortrijk,BE,metal,medium,declared,2017,25.62,
c3,1910064315,BE-CBE,Vlindora Textiel bvba,8790,Waregem,BE,textiles,small,declared,2017,13.96,
c4,1910095690,BE-CBE,Brumistra Software bvba,3000,Leuven,BE,digital,micro,declared,2017,62.01,
c5,1910126968,BE-CBE,Hulfomare Chemie nv,2440,Geel,BE,chemistry,medium,declared,2017,20.59,
c6,1910158246,BE-CBE,Tolvidor Meubelen bvba,8870,Izegem,BE,furniture,small,declared,2017,31.09,
c7,1910189524,BE-CBE,Grebbisse Dranken cvba,3300,Tienen,BE,drinks,small,declared,2017,11.05,
c8,1910220802,BE-CBE,Zengalix Drones bvba,3800,Sint-Truiden,BE,drones,micro,declared,2017,30.30,
c9,1910252177,BE-CBE,Wrenkonda Logistiek nv,2000,Antwerpen,BE,logistics,large,declared,2017,52.29,
c10,1910283455,BE-CBE,Yperminde Bouw nv,8900,Ieper,BE,construction,small,declared,2017,41.20,
`,
		"activities.csv": `code,title,type,state,starts,ends,place,city,country,url,language,organisers,markets,sectors,needs,places,reported,reported_by,verified,verified_by,reason
a1,Two bodies one table,seminar,verified,2018-04-12,2018-04-12,onsite,Gent,BE,,nl,alpha:2 beta:1,DE,metal food,contacts,30,2018-04-20,coordinator@alpha.example,2018-05-02,officer@bureau.example,
a2,Mission to Leipzig,mission,verified,2018-05-15,2018-05-17,onsite,Leipzig,DE,,en,alpha,DE,food,contacts,10,2018-05-30,coordinator@alpha.example,2018-06-11,officer@bureau.example,
a3,Stand in Chicago,fair,verified,2018-09-18,2018-09-20,onsite,Chicago,US,,en,beta,US,metal,contacts,8,2018-10-01,coordinator@beta.example,2018-10-15,officer@bureau.example,
a4,Course on customs,course,verified,2018-03-20,2018-03-21,onsite,Ieper,BE,,nl,gamma,FR,food,information,12,2018-03-29,coordinator@gamma.example,2018-04-10,officer@bureau.example,
a5,France for beginners,seminar,verified,2018-10-09,2018-10-09,onsite,Kortrijk,BE,,nl,gamma,FR,textiles,information,25,2018-10-18,coordinator@gamma.example,2018-11-05,officer@bureau.example,
a6,Evening on Canada,seminar,cancelled,2018-11-22,2018-11-22,onsite,Leuven,BE,,nl,beta,CA,digital,information,25,,,,,Too few registrations
`,
		"participations.csv": `activity,company,state,recorded,verified,verified_by
a1,c1,attended,2018-04-20,2018-05-02,officer@bureau.example
a1,c2,attended,2018-04-20,2018-05-02,officer@bureau.example
a1,c3,attended,2018-04-20,2018-05-02,officer@bureau.example
a1,c4,attended,2018-04-20,2018-05-02,officer@bureau.example
a1,c5,no-show,2018-04-20,,
a1,c6,attended,2018-04-20,,
a2,c1,attended,2018-05-30,2018-06-11,officer@bureau.example
a2,c5,attended,2018-05-30,2018-06-11,officer@bureau.example
a2,c7,attended,2018-05-30,2018-06-11,officer@bureau.example
a3,c2,attended,2018-10-01,2018-10-15,officer@bureau.example
a3,c8,attended,2018-10-01,2018-10-15,officer@bureau.example
a4,c1,attended,2018-03-29,2018-04-10,officer@bureau.example
a4,c2,attended,2018-03-29,2018-04-10,officer@bureau.example
a4,c3,attended,2018-03-29,2018-04-10,officer@bureau.example
a4,c10,attended,2018-03-29,2018-04-10,officer@bureau.example
a5,c3,attended,2018-10-18,2018-11-05,officer@bureau.example
a5,c4,attended,2018-10-18,2018-11-05,officer@bureau.example
a5,c5,cancelled,2018-10-18,,
`,
		"outcomes.csv": handOutcomes(),
	}
}

func handOutcomes() string {
	return `code,kind,company,activity,partners,date,market,sector,need,amount,quantity,recorded,state,decided,decided_by,reason
k01,contact,c1,a1,alpha:2 beta:1,2018-04-12,DE,food,contacts,,,2018-04-20,verified,2018-05-02,officer@bureau.example,
k02,contact,c2,a1,alpha:2 beta:1,2018-04-12,DE,metal,contacts,,,2018-04-20,verified,2018-05-02,officer@bureau.example,
k03,contact,c3,a1,alpha:2 beta:1,2018-04-12,DE,textiles,contacts,,,2018-04-20,verified,2018-05-02,officer@bureau.example,
k04,contact,c4,a1,alpha:2 beta:1,2018-04-12,DE,digital,contacts,,,2018-04-20,verified,2018-05-02,officer@bureau.example,
k05,contact,c1,a2,alpha,2018-05-15,DE,food,contacts,,,2018-05-30,verified,2018-06-11,officer@bureau.example,
k06,contact,c5,a2,alpha,2018-05-15,DE,chemistry,contacts,,,2018-05-30,verified,2018-06-11,officer@bureau.example,
k07,contact,c7,a2,alpha,2018-05-16,DE,drinks,contacts,,,2018-05-30,verified,2018-06-11,officer@bureau.example,
k08,contact,c7,a2,alpha,2018-05-17,DE,drinks,contacts,,,2018-05-30,verified,2018-06-11,officer@bureau.example,
k09,contact,c5,,alpha,2018-08-28,NL,chemistry,contacts,,,2018-09-03,verified,2018-09-20,officer@bureau.example,
k10,contact,c2,a3,beta,2018-09-18,US,metal,contacts,,,2018-10-01,verified,2018-10-15,officer@bureau.example,
k11,contact,c8,a3,beta,2018-09-19,US,drones,contacts,,,2018-10-01,verified,2018-10-15,officer@bureau.example,
k12,contact,c9,,beta,2018-09-19,US,logistics,contacts,,,2018-10-01,verified,2018-10-15,officer@bureau.example,
k13,contact,c6,,beta,2018-09-20,US,furniture,contacts,,,2018-10-01,rejected,2018-10-15,officer@bureau.example,No meeting took place
k14,contact,c10,a4,gamma,2018-03-21,FR,construction,contacts,,,2018-03-29,verified,2018-04-10,officer@bureau.example,
k15,contact,c3,a5,gamma,2018-10-09,FR,textiles,contacts,,,2018-10-18,verified,2018-11-05,officer@bureau.example,
k16,contact,c1,,gamma,2018-06-05,FR,food,contacts,,,2018-06-12,verified,2018-06-25,officer@bureau.example,
k17,contact,c9,,gamma,2018-12-04,FR,logistics,contacts,,,2018-12-12,reported,,,
w01,win,c1,,alpha,2018-07-03,DE,food,,21000.10,,2018-07-10,verified,2018-07-30,officer@bureau.example,
w02,win,c2,,alpha:2 beta:1,2018-09-03,DE,metal,,10000.00,,2018-09-11,verified,2018-09-28,officer@bureau.example,
w03,win,c8,,beta,2018-12-03,US,drones,,4500.05,,2018-12-11,verified,2019-01-08,officer@bureau.example,
w04,win,c2,,beta,2018-12-10,US,metal,,9000.00,,2018-12-14,reported,,,
e01,evaluation,c1,a2,alpha,2018-05-18,,,,,5,2018-05-30,verified,2018-06-11,officer@bureau.example,
e02,evaluation,c5,a2,alpha,2018-05-18,,,,,4,2018-05-30,verified,2018-06-11,officer@bureau.example,
e03,evaluation,c7,a2,alpha,2018-05-18,,,,,3,2018-05-30,verified,2018-06-11,officer@bureau.example,
e04,evaluation,c1,a1,alpha,2018-04-13,,,,,4,2018-04-20,verified,2018-05-02,officer@bureau.example,
e05,evaluation,c2,a1,alpha,2018-04-13,,,,,4,2018-04-20,verified,2018-05-02,officer@bureau.example,
e06,evaluation,c3,a1,alpha,2018-04-13,,,,,5,2018-04-20,verified,2018-05-02,officer@bureau.example,
e07,evaluation,c4,a1,alpha,2018-04-13,,,,,5,2018-04-20,verified,2018-05-02,officer@bureau.example,
e08,evaluation,c5,,alpha,2018-09-01,,,,,2,2018-09-04,verified,2018-09-20,officer@bureau.example,
e09,evaluation,c7,,alpha,2018-09-01,,,,,5,2018-09-04,verified,2018-09-20,officer@bureau.example,
e10,evaluation,c1,,alpha,2018-09-01,,,,,4,2018-09-04,verified,2018-09-20,officer@bureau.example,
e11,evaluation,c3,,alpha,2018-09-01,,,,,4,2018-09-04,verified,2018-09-20,officer@bureau.example,
e12,evaluation,c4,,alpha,2018-09-01,,,,,5,2018-09-04,verified,2018-09-20,officer@bureau.example,
e13,evaluation,c1,a4,gamma,2018-03-22,,,,,5,2018-03-29,verified,2018-04-10,officer@bureau.example,
e14,evaluation,c2,a4,gamma,2018-03-22,,,,,4,2018-03-29,verified,2018-04-10,officer@bureau.example,
e15,evaluation,c3,a4,gamma,2018-03-22,,,,,4,2018-03-29,verified,2018-04-10,officer@bureau.example,
e16,evaluation,c10,a4,gamma,2018-03-22,,,,,5,2018-03-29,verified,2018-04-10,officer@bureau.example,
e17,evaluation,c3,a5,gamma,2018-10-10,,,,,2,2018-10-18,verified,2018-11-05,officer@bureau.example,
e18,evaluation,c4,a5,gamma,2018-10-10,,,,,4,2018-10-18,verified,2018-11-05,officer@bureau.example,
`
}

func handMoney() map[string]string {
	return map[string]string{
		"claims.csv": `partner,year,number,submitted,entered_by,verified,verified_by,approved,approved_by
alpha,2018,1,2018-07-20,finance@alpha.example,2018-08-06,controller@bureau.example,2018-08-10,approver@bureau.example
alpha,2018,2,2019-01-18,finance@alpha.example,2019-02-04,controller@bureau.example,2019-02-08,approver@bureau.example
beta,2018,1,2018-07-24,finance@beta.example,2018-08-14,controller@bureau.example,2018-08-20,approver@bureau.example
beta,2018,2,2019-01-22,finance@beta.example,2019-02-11,controller@bureau.example,2019-02-15,approver@bureau.example
gamma,2018,1,2018-07-30,finance@gamma.example,2018-08-21,controller@bureau.example,2018-08-24,approver@bureau.example
gamma,2018,2,2019-01-28,finance@gamma.example,2019-02-13,controller@bureau.example,2019-02-19,approver@bureau.example
`,
		"cost_items.csv": `ref,partner,year,claim,activity,category,description,supplier,invoice,invoiced,delivered,currency,rate,rate_date,rate_source,net,vat,other_money,state,deducted,reason_code,reason,decided,decided_by,returns
h01,alpha,2018,1,,staff,Programme manager until June,,,,2018-06-29,,,,,20000.01,,,accepted,,,,2018-08-01,controller@bureau.example,
h02,alpha,2018,1,a2,venue,Rooms in Leipzig,BE1810000303,2018-101,2018-05-22,2018-05-15,,,,,15333.33,3220.00,,accepted,,,,2018-08-01,controller@bureau.example,
h03,alpha,2018,2,,staff,Programme manager until December,,,,2018-12-31,,,,,18000.02,,,accepted,,,,2019-01-30,controller@bureau.example,
h04,alpha,2018,2,,external,Export guide,BE1810010496,VF-88,2018-11-20,2018-11-12,,,,,13333.31,2800.00,,accepted,,,,2019-01-30,controller@bureau.example,
h05,beta,2018,1,a1,venue,Hall in Gent,BE1810000303,2018-077,2018-04-16,2018-04-12,,,,,10000.00,2100.00,,accepted,,,,2018-08-10,controller@bureau.example,
h06,beta,2018,1,a3,venue,Stand space in Chicago,US000000412,C-5521,2018-05-02,2018-05-02,USD,0.8437,2018-05-02,invented rate,4321.09,,,accepted,,,,2018-08-10,controller@bureau.example,
h07,beta,2018,1,,communication,Web pages,BE1810020592,F18/31,2018-06-11,2018-06-04,,,,,2500.05,525.01,,deducted,750.55,not-agreed,Part on another programme,2018-08-10,controller@bureau.example,
h08,beta,2018,1,a3,external,Stand builder,BE1810030688,18.0220,2018-06-25,2018-06-20,,,,,3000.03,630.01,,parked,,,Contract asked for,2018-08-10,controller@bureau.example,
h09,beta,2018,2,a3,external,Stand builder,BE1810030688,18.0220,2018-06-25,2018-06-20,,,,,2900.03,609.01,,accepted,,,,2019-02-06,controller@bureau.example,h08
h10,beta,2018,2,a3,travel,Freight of the stand,GB000000877,LX-90,2018-09-12,2018-09-11,GBP,1.13215,2018-09-11,invented rate,1234.56,,200.10,accepted,,,,2019-02-06,controller@bureau.example,
h11,beta,2018,2,,staff,Coordinator,,,,2018-12-31,,,,,8000.01,,,accepted,,,,2019-02-06,controller@bureau.example,
h12,gamma,2018,1,a4,external,Teachers of the course,BE1810040784,2018/9,2018-04-03,2018-03-21,,,,,6000.01,1260.00,,accepted,,,,2018-08-16,controller@bureau.example,
h13,gamma,2018,1,,staff,Network manager until June,,,,2018-06-29,,,,,4999.99,,,accepted,,,,2018-08-16,controller@bureau.example,
h14,gamma,2018,2,a5,venue,Hall and dinner in Kortrijk,BE1810000303,2018-233,2018-10-15,2018-10-09,,,,,7500.50,450.03,,accepted,,,,2019-02-07,controller@bureau.example,
h15,gamma,2018,2,,travel,Taxis,BE1810010496,VF-93,2018-12-14,2018-12-05,,,,,900.00,54.00,,lapsed,,,Contract asked for,2019-02-07,controller@bureau.example,
`,
		"corrections.csv": `partner,year,item,cost,reason,date,by
gamma,2018,h14,1000.01,Supplier sent a credit note,2019-04-02,controller@bureau.example
`,
		"payments.csv": `partner,year,kind,claim,amount,ordered,ordered_by,approved_by,executed
alpha,2018,advance,,9000.00,2018-02-12,payer@bureau.example,payer.2@bureau.example,2018-02-15
alpha,2018,claim,1,5133.33,2018-08-13,payer@bureau.example,payer.2@bureau.example,2018-08-16
alpha,2018,claim,2,9866.67,2019-02-11,payer@bureau.example,payer.2@bureau.example,2019-02-14
beta,2018,advance,,7500.15,2018-02-12,payer@bureau.example,payer.2@bureau.example,2018-02-15
beta,2018,claim,2,4359.43,2019-02-18,payer@bureau.example,payer.2@bureau.example,2019-02-21
gamma,2018,advance,,5400.00,2018-02-12,payer@bureau.example,payer.2@bureau.example,2018-02-15
gamma,2018,claim,2,2684.20,2019-02-20,payer@bureau.example,payer.2@bureau.example,2019-02-25
`,
	}
}
