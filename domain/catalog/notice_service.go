package catalog

import (
	"satchel/domain"
)

// Notices of service channels, standards and evaluations.
var serviceNotices = map[string]domain.Texts{
	"service.channel_assigned":    {"您负责 {account} 的专属服务通道", "You answer the dedicated channel of {account}"},
	"service.channels_missing":    {"尚无专属服务通道的重要客户：{count} 家", "Important accounts without a service channel: {count}"},
	"service.standard":            {"服务标准 {name} 自 {from} 起执行", "Service standard {name} is in force from {from}"},
	"service.evaluations_due":     {"{quarter} 服务质量评估待完成：{count} 家（{due} 前）", "Service evaluations of {quarter} due by {due}: {count}"},
	"service.evaluations_overdue": {"{quarter} 服务质量评估已逾期：{count} 家", "Service evaluations of {quarter} overdue: {count}"},
	"service.evaluated":           {"{account} 的 {quarter} 服务质量评估已完成", "The service to {account} in {quarter} was evaluated"},
}
