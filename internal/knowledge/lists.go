package knowledge

// A list of parameters has a fixed length, filled up with what is nowhere, so that one SQL text serves both engines and is prepared once.
const (
	listLength = 64
	// from2 are 64 parameters from $2 on
	from2 = "$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, " +
		"$27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, " +
		"$51, $52, $53, $54, $55, $56, $57, $58, $59, $60, $61, $62, $63, $64, $65"
	// from3 are 64 parameters from $3 on
	from3 = "$3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, " +
		"$28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, " +
		"$52, $53, $54, $55, $56, $57, $58, $59, $60, $61, $62, $63, $64, $65, $66"
	// from10 are 64 parameters from $10 on
	from10 = "$10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, " +
		"$34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57, " +
		"$58, $59, $60, $61, $62, $63, $64, $65, $66, $67, $68, $69, $70, $71, $72, $73"
)

// filled is a list as parameters, of the fixed length.
func filled(list []string, before ...any) []any {
	for i := range listLength {
		if i < len(list) {
			before = append(before, list[i])
		} else {
			before = append(before, "")
		}
	}
	return before
}
