package catalog

import (
	"satchel/domain"
	"satchel/domain/service"
)

// serviceWords are those of channels, standards and evaluations of service.
var serviceWords = domain.Words{
	Problems: map[string]domain.Texts{
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
	},
	Notices: map[string]domain.Texts{
		"service.channel_assigned":    {"您负责 {account} 的专属服务通道", "You answer the dedicated channel of {account}"},
		"service.channels_missing":    {"尚无专属服务通道的重要客户：{count} 家", "Important accounts without a service channel: {count}"},
		"service.standard":            {"服务标准 {name} 自 {from} 起执行", "Service standard {name} is in force from {from}"},
		"service.evaluations_due":     {"{quarter} 服务质量评估待完成：{count} 家（{due} 前）", "Service evaluations of {quarter} due by {due}: {count}"},
		"service.evaluations_overdue": {"{quarter} 服务质量评估已逾期：{count} 家", "Service evaluations of {quarter} overdue: {count}"},
		"service.evaluated":           {"{account} 的 {quarter} 服务质量评估已完成", "The service to {account} in {quarter} was evaluated"},
	},
	Settings: []domain.Setting{
		{
			Key: "service.evaluation_weights", Type: domain.SettingData, Clause: "R5.9", Check: checkEvaluationWeights,
			Default: map[string]int{service.PartFirst: 30, service.PartSolution: 40, service.PartSatisfaction: 30},
			Texts:   domain.Texts{"服务质量评估中首次响应、解决、满意度的权重(%)", "Weights of first response, solution and satisfaction in an evaluation, in per cent"},
		},
		{Key: "service.evaluation_days", Type: domain.SettingWhole, Min: 1, Max: 92, Default: 30, Clause: "R5.9", Texts: domain.Texts{"季度结束后多少天内完成服务质量评估", "Days after a quarter within which its service is evaluated"}},
	},
}

func checkEvaluationWeights(v any) string {
	if fault := wholes(v, 0, 100, service.Parts...); fault != "" {
		return fault
	}
	sum := 0.0
	for _, n := range v.(map[string]any) {
		sum += n.(float64)
	}
	if sum != 100 {
		return "the weights must make 100"
	}
	return ""
}
