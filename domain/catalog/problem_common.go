package catalog

import (
	"satchel/domain"
)

// Refusals that any area gives.
var commonTexts = map[string]domain.Texts{
	"field.locked":       {"字段 {field} 由系统维护,不能直接修改。", "The field {field} is kept by the system and cannot be changed directly."},
	"field.unknown":      {"没有名为 {field} 的字段。", "There is no field named {field}."},
	"field.type":         {"字段 {field} 的值类型不对。", "The value of {field} has the wrong type."},
	"field.day":          {"字段 {field} 的日期不存在或年份不合理。", "{field} is no day of the calendar, or none of our time."},
	"record.not_found":   {"记录不存在,或您无权查看。", "The record does not exist or is not yours to see."},
	"record.not_allowed": {"您无权做此操作。", "You are not allowed to do this."},
	"id.taken":           {"编号已被占用。", "The id is taken."},
	"id.invalid":         {"编号须为 15 位小写字母或数字。", "The id must be 15 lower-case letters or digits."},
	"action.unknown":     {"没有名为 {action} 的操作。", "There is no action named {action}."},
	"args.invalid":       {"操作参数格式不对。", "The arguments of the action are not of the right form."},
	"validation":         {"有字段未通过校验。", "Some fields did not pass validation."},
	"setting.unknown":    {"没有名为 {key} 的参数。", "There is no setting named {key}."},
	"setting.invalid":    {"参数 {key} 的值不正确:{fault}。", "The value of {key} is not right: {fault}."},
	"setting.date":       {"参数 {key} 只能立即生效。", "The setting {key} takes effect at once; it cannot wait for a day."},
	"override.reason":    {"越权修改必须填写原因。", "An override needs a reason."},
	"record.kept":        {"这条记录须留存,不能删除;请改为作废或取消并说明原因。", "This record is kept and cannot be deleted. Void or cancel it and say why."},
	"record.unchanging":  {"这条记录由系统写入,不能修改。", "This record is written by the system and cannot be changed."},
	"console.off":        {"SQL 控制台已关闭;须由管理员打开参数 security.sql_console。", "The SQL console is off. An administrator opens it by the setting security.sql_console."},
	"audit.kept":         {"操作日志不可修改或删除。", "The audit log is never changed or deleted."},
	"internal":           {"系统内部错误,内容已保留,可稍后重试。", "Something broke inside. Your entry is kept and can be tried again."},
}
