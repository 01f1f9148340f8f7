package catalog

import (
	"satchel/domain"
)

func init() {
	domain.Declare(
		targetWords(),
		numberWords,
		domain.Words{Problems: commonTexts},
		domain.Words{Problems: visitTexts},
		domain.Words{Problems: planTexts},
		domain.Words{Problems: workTexts},
		domain.Words{Problems: requestTexts},
		domain.Words{Problems: orderTexts},
		domain.Words{Problems: ledgerTexts},
		domain.Words{Problems: pricingTexts},
		domain.Words{Problems: orgTexts},
		domain.Words{Problems: accountTexts},
		domain.Words{Problems: developmentTexts},
		domain.Words{Problems: keepingTexts},
		domain.Words{Problems: customerIssueTexts},
		domain.Words{Problems: accountReviewTexts},
		domain.Words{Problems: handoverTexts},
		domain.Words{Problems: approvalTexts},
		domain.Words{Problems: noticeTexts},
		domain.Words{Problems: transferTexts},
		domain.Words{Problems: blobTexts},
		domain.Words{Problems: invoiceTexts},
		domain.Words{Problems: paperTexts},
		domain.Words{Problems: syncIssueTexts},
		domain.Words{Problems: loginTexts},
		domain.Words{Problems: backupTexts},
		domain.Words{Problems: syncTexts},
		domain.Words{Problems: realtimeTexts},
		domain.Words{Problems: filterTexts},
		domain.Words{Notices: approvalNotices},
		domain.Words{Notices: orgNotices},
		domain.Words{Notices: accountNotices},
		domain.Words{Notices: fieldNotices},
		domain.Words{Notices: ledgerNotices},
		domain.Words{Risks: visitRiskTexts},
		domain.Words{Risks: photoRiskTexts},
		domain.Words{Settings: policySettings},
		domain.Words{Settings: orgSettings},
		domain.Words{Settings: keepingSettings},
		domain.Words{Settings: mediaSettings},
		domain.Words{Settings: fieldSettings},
		domain.Words{Settings: ledgerSettings},
		domain.Words{Settings: loginSettings},
		domain.Words{Settings: systemSettings},
	)
}
