package analysis

// FactKind is what a fact tells of.
type FactKind uint8

// Kinds of facts, as they are stored.
const (
	Delivered FactKind = iota
	Returned
	Rebated
	Received
	Costed // what goods cost, learnt after they moved; and of all that came back
	factKinds
)

// FactKinds are the names of the kinds.
var FactKinds = [factKinds]string{"delivery", "return", "rebate", "receipt", "cost"}

// text is one of the texts of a fact.
type text int

// Texts of a fact.
const (
	owner text = iota
	manager
	dept
	account
	tier
	region
	product
	category
	promotion
	day
	corrects // the month that the fact corrects; empty if it corrects none
	texts
)

// number is one of the numbers of a fact.
type number int

// Numbers of a fact.
const (
	base number = iota
	amount
	tax
	cost
	settled  // a rebate, or a receipt, as the kind says
	uncosted // 1 where nobody knew what the goods cost, −1 where that was learnt
	numbers
)

// FactColumns are the columns of the table of facts that make a [Fact], in its order:
// kind, texts and numbers.
const FactColumns = "kind, owner, manager, dept, account, tier, region, product, category, promotion, day, corrects, " +
	"base_milli, amount_fen, tax_fen, cost_fen, rebate_fen + receipt_fen, uncosted"

// Fact is a row of the facts, as it is read. It is never changed.
type Fact struct {
	Seq     int64
	Kind    []byte
	Texts   [texts][]byte
	Numbers [numbers]int64
}

// Into are what a row of seq and [FactColumns] is scanned into.
func (f *Fact) Into() []any {
	into := []any{&f.Seq, &f.Kind}
	for i := range f.Texts {
		into = append(into, &f.Texts[i])
	}
	for i := range f.Numbers {
		into = append(into, &f.Numbers[i])
	}
	return into
}

// textOf are the texts by which facts are broken down.
var textOf = map[Dimension]text{
	Person: owner, Team: manager, Department: dept, Account: account, Tier: tier, Region: region,
	Product: product, Category: category, Promotion: promotion, Day: day,
}
