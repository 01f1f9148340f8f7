package analysis

// Rights are what somebody may ask for, by his role.
type Rights struct {
	All    bool // of rows whosever they are
	Sales  bool // of figures of what was sold
	Profit bool // of figures from which follows what goods cost
	Heads  bool // he leads his department, and sees its rows
	Member bool // he sees the rows of his department
}

// RightsOf are the rights of a role.
func RightsOf(role string) Rights {
	switch role {
	case "executive", "finance", "admin", "auditor":
		return Rights{All: true, Sales: true, Profit: true}
	case "dept_manager":
		return Rights{Sales: true, Profit: true, Heads: true}
	case "ka_manager":
		return Rights{Sales: true, Profit: true}
	case "rep":
		return Rights{Sales: true}
	}
	return Rights{Member: true} // market, product, service, logistics, reviewers
}
