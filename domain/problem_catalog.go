package domain

import "maps"

// Problems holds every code with its texts, area by area.
var Problems = catalog(
	commonTexts,
	visitTexts,
	planTexts,
	workTexts,
	requestTexts,
	orderTexts,
	orgTexts,
	accountTexts,
	developmentTexts,
	keepingTexts,
	customerIssueTexts,
	accountReviewTexts,
	handoverTexts,
	approvalTexts,
	noticeTexts,
	transferTexts,
	blobTexts,
	invoiceTexts,
	paperTexts,
	syncIssueTexts,
	loginTexts,
	backupTexts,
	syncTexts,
	realtimeTexts,
	filterTexts,
)

// catalog joins the areas' texts. A code belongs to one area.
func catalog(areas ...map[string]Texts) map[string]Texts {
	all := map[string]Texts{}
	for _, texts := range areas {
		for code := range texts {
			if _, taken := all[code]; taken {
				panic("two areas have the code " + code)
			}
		}
		maps.Copy(all, texts)
	}
	return all
}
