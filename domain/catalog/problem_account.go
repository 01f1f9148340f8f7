package catalog

import (
	"satchel/domain"
)

// Refusals of accounts.
var accountTexts = map[string]domain.Texts{
	"account.field_locked":    {"字段 {field} 须由上级修改。", "The field {field} is changed by a superior only."},
	"account.birthday_future": {"生日不能晚于今天。", "Nobody is born after today."},
	"account.owner_invalid":   {"不能把客户交给这位负责人。", "The account cannot be given to this owner."},
	"shared.too_many":         {"每人每天最多新建 {limit} 条全员共享的记录;更多请交市场部录入。", "Somebody in the field makes at most {limit} rows a day that go to all; ask marketing to enter more."},
	"contact.forgotten":       {"该联系人已应本人要求删除,不能再改动。", "The contact was forgotten at his own wish and stays so."},
}
