package catalog

import (
	"satchel/domain"
)

// Refusals of service channels, standards and evaluations.
var serviceTexts = map[string]domain.Texts{
	"service_channel.owner_invalid":    {"服务通道负责人和替补须为两位在职客服人员。", "Who answers a channel, and his deputy, are two people of the service in office."},
	"service_channel.twice":            {"该客户已有启用中的服务通道。", "The account has an active channel already."},
	"service_channel.address_required": {"请填写通道的号码或地址。", "Give the number or address of the channel."},

	"service_standard.state":          {"服务标准当前状态({from})不能执行 {action}。", "A standard in state {from} cannot {action}."},
	"service_standard.locked":         {"已发布的服务标准不能修改,请新建版本。", "A standard that was put in force stays as it is; make a new version."},
	"service_standard.not_head":       {"只有客服部门负责人可以操作。", "This is for the head of the service to do."},
	"service_standard.begun":          {"该标准已开始执行,不能撤回。", "The standard has begun and can no longer be taken back."},
	"service_standard.levels_invalid": {"请为每个级别填写响应与解决时限,且解决不早于响应。", "Every level needs minutes to the first response and, no fewer, to the solution."},
	"service_standard.from_past":      {"生效日不能早于今天。", "A standard is in force from today on at the earliest."},
	"service_standard.twice":          {"当日已有生效的服务标准。", "Another standard is in force from that day on."},

	"service_evaluation.state":             {"服务评估当前状态({from})不能执行 {action}。", "An evaluation in state {from} cannot {action}."},
	"service_evaluation.not_service":       {"只有客服人员可以操作。", "This is for the service to do."},
	"service_evaluation.improving":         {"还有改进措施未完成验证,不能关闭。", "Improvements are still to be verified."},
	"service_evaluation.findings_required": {"请填写评估发现和结论。", "Give the findings and the result."},
	"service_evaluation.action_required":   {"需要改进时须关联至少一项改进措施。", "Link at least one improvement."},
}
