package overlaps

// Meeting is a seminar of the running round that another one comes near to.
type Meeting struct{ Day, By, Market, Sector, Title string }

// Planted lists them in pairs: two partners, one market, one sector, two days apart. The last five pairs are still to come.
func Planted() []Meeting {
	return []Meeting{
		{"2022-03-22", "agoria", "IN", "machinery", "Machines for the factories of Pune"}, {"2022-03-24", "voka", "IN", "machinery", "India for who builds machines"},
		{"2022-05-10", "x-familiezaak", "FR", "retail", "French chains look for suppliers"}, {"2022-05-12", "voka", "FR", "retail", "On the shelves in Lille"},
		{"2022-10-04", "x-startkracht", "US", "digital", "A first customer in New York"}, {"2022-10-06", "x-gamewerf", "US", "digital", "Pitching software to Americans"},
		{"2022-11-15", "x-energienet", "DE", "energy", "Grid operators of the Ruhr"}, {"2022-11-17", "sim-flam3d", "DE", "energy", "German wind: parts wanted"},
		{"2023-03-14", "x-voedingsrad", "AE", "food", "Hotels in the Gulf and what they serve"}, {"2023-03-16", "x-familiezaak", "AE", "food", "Family recipes for Dubai"},
		{"2023-06-06", "x-zorgtech", "NL", "health", "Dutch hospitals as customers"}, {"2023-06-08", "x-farmakring", "NL", "health", "Care buyers from Utrecht"},
		{"2023-10-10", "x-noordzee-kamer", "GB", "ports", "Quays and cranes in Hull"}, {"2023-10-12", "blauwe-cluster", "GB", "ports", "British harbours go green"},
		{"2023-11-21", "x-bouwgilde", "FR", "construction", "Building sites around Paris"}, {"2023-11-23", "voka", "FR", "construction", "Winning a tender in Hauts-de-France"},
		{"2024-02-20", "x-chipdelta", "TW", "electronics", "Chip makers of Hsinchu on tour"}, {"2024-02-22", "agoria", "TW", "electronics", "Sensors for Taiwan"},
		{"2024-05-14", "x-mekong-kamer", "VN", "textiles", "Spinning in Hanoi"}, {"2024-05-16", "x-textielhuis", "VN", "textiles", "Vietnam for weavers"},
		{"2024-10-08", "x-vrachtlab", "PL", "logistics", "Warehouses near Poznan"}, {"2024-10-10", "voka", "PL", "logistics", "By road and rail to Poland"},
		{"2025-03-18", "x-afrika-kamer", "SN", "machinery", "Dakar buys machines"}, {"2025-03-20", "agoria", "SN", "machinery", "Equipment for West Africa"},
		{"2025-05-20", "x-andes-kamer", "CL", "food", "Tastes of Santiago"}, {"2025-05-22", "x-voedingsrad", "CL", "food", "Chilean importers at the table"},
		{"2025-11-18", "x-chemiebond", "SA", "chemistry", "Polymers for Jubail"}, {"2025-11-20", "voka", "SA", "chemistry", "Saudi plans until 2030"},
		{"2026-03-10", "x-waterforum", "ES", "water", "Murcia reuses its water"}, {"2026-03-12", "x-energienet", "ES", "water", "Pumps for Spanish irrigation"},
		{"2026-05-19", "x-startkracht", "US", "digital", "Landing in Boston"}, {"2026-05-21", "voka", "US", "digital", "American buyers of software"},
		{"2026-10-13", "agoria", "DE", "metal", "Castings for Stuttgart"}, {"2026-10-15", "sim-flam3d", "DE", "metal", "Printed metal, German carmakers"},
		{"2026-11-17", "x-familiezaak", "FR", "retail", "A shop window in Lyon"}, {"2026-11-19", "x-bouwgilde", "FR", "retail", "French do-it-yourself chains"},
		{"2026-12-01", "x-zorgtech", "NL", "health", "Care at home in Holland"}, {"2026-12-03", "x-farmakring", "NL", "health", "Dutch insurers and what they pay for"},
		{"2026-12-08", "x-noordzee-kamer", "GB", "ports", "Free ports, two years on"}, {"2026-12-10", "blauwe-cluster", "GB", "ports", "Offshore work from Grimsby"},
		{"2026-12-15", "x-voedingsrad", "AE", "food", "Halal, step by step"}, {"2026-12-17", "x-familiezaak", "AE", "food", "Dubai for small makers"},
	}
}
