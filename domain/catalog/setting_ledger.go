package catalog

import (
	"satchel/domain"
)

// Settings of the account ledger.
var ledgerSettings = []domain.Setting{
	{Key: "credit.overdue_days", Type: domain.SettingWhole, Max: 365, Default: 0, Clause: "R4.12", Texts: domain.Texts{"到期后多少天才算逾期", "Days after it is due before what is open counts as overdue"}},
	{Key: "statement.day", Type: domain.SettingWhole, Min: 1, Max: 28, Default: 3, Clause: "R4.12", Texts: domain.Texts{"每月几号出具上月对账单", "Day of the month on which last month's statements are issued"}},
	{Key: "rebate.close_days", Type: domain.SettingWhole, Max: 90, Default: 5, Clause: "R4.12", Texts: domain.Texts{"返利期结束多少天后结期", "Days after a period's end before its rebate is closed"}},
}
