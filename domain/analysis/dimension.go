package analysis

import "slices"

// Dimension is what figures are broken down and filtered by. People, departments,
// tiers and the rest are those of then: nothing that is changed later moves them.
type Dimension string

// Dimensions.
const (
	Person     Dimension = "person" // whose it was
	Team       Dimension = "team"   // who led him
	Department Dimension = "department"
	Account    Dimension = "account"
	Tier       Dimension = "tier"
	Region     Dimension = "region"
	Product    Dimension = "product"
	Category   Dimension = "category"
	Promotion  Dimension = "promotion"
	Theme      Dimension = "theme"
	Competitor Dimension = "competitor"
	Reason     Dimension = "reason"
	Sort       Dimension = "kind"
	Day        Dimension = "day"
	Month      Dimension = "month"
	Quarter    Dimension = "quarter"
	Year       Dimension = "year"
)

// Calendar are the dimensions that follow from the day.
var Calendar = []Dimension{Day, Month, Quarter, Year}

// Dimensions are all, in the order in which filters are read and documents list them.
var Dimensions = append([]Dimension{
	Person, Team, Department, Account, Tier, Region, Product, Category, Promotion, Theme, Competitor, Reason, Sort,
}, Calendar...)

// people, customers and goods are parts of figures' lists of dimensions.
var (
	people    = []Dimension{Person, Team, Department}
	customers = []Dimension{Account, Tier, Region}
	goods     = []Dimension{Product, Category, Promotion}
)

// by joins lists of dimensions; all have the calendar's.
func by(parts ...[]Dimension) []Dimension { return slices.Concat(slices.Concat(parts...), Calendar) }

// Calendric is the key of a day (YYYY-MM-DD) by a dimension of the calendar.
func Calendric(d Dimension, day string) string {
	switch d {
	case Year:
		return day[:4]
	case Quarter:
		return day[:5] + "Q" + string('1'+((day[5]-'0')*10+day[6]-'0'-1)/3)
	case Month:
		return day[:7]
	default:
		return day
	}
}
