// Package catalog fills the catalogues of the domain: every refusal with both
// texts (problem_<area>.go), every kind of notice (notice_<area>.go), every reason
// for doubt, and every setting with its form, default and clause (setting_<area>.go).
package catalog
