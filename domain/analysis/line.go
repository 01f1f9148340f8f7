package analysis

// Line is one record that a figure counted, and what it added.
type Line struct {
	Whose   string `db:"whose" json:"-"`
	Ref     string `db:"ref" json:"ref"`
	Day     string `db:"day" json:"day"`
	Account string `db:"account" json:"account"`
	Num     int64  `db:"num" json:"num"`
	Den     int64  `db:"den" json:"den"`
}
