package catalog

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"satchel/domain"
)

// companyMost is the most characters of what a paper says of the company.
const companyMost = 120

// Settings of who we are, for papers that customers get.
var companySettings = []domain.Setting{
	{Key: "company.name", Type: domain.SettingText, Default: "", Check: lineFault, Clause: "R4.12", Texts: domain.Texts{"本公司名称(对账单抬头)", "Our company's name, on statements"}},
	{Key: "company.uscc", Type: domain.SettingText, Default: "", Check: lineFault, Clause: "R4.12", Texts: domain.Texts{"本公司统一社会信用代码(对账单)", "Our unified social credit code, on statements"}},
	{Key: "company.address", Type: domain.SettingText, Default: "", Check: lineFault, Clause: "R4.12", Texts: domain.Texts{"本公司地址(对账单)", "Our address, on statements"}},
}

// lineFault wants a text that stands on a line of a paper.
func lineFault(v any) string {
	text, _ := v.(string)
	if strings.ContainsAny(text, "\r\n\t") || utf8.RuneCountInString(text) > companyMost {
		return fmt.Sprintf("one line of at most %d characters is needed", companyMost)
	}
	return ""
}
