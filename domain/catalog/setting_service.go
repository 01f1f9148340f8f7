package catalog

import (
	"satchel/domain"
	"satchel/domain/service"
)

// Settings of service evaluations.
var serviceSettings = []domain.Setting{
	{
		Key: "service.evaluation_weights", Type: domain.SettingData, Clause: "R5.9", Check: checkEvaluationWeights,
		Default: map[string]int{service.PartFirst: 30, service.PartSolution: 40, service.PartSatisfaction: 30},
		Texts:   domain.Texts{"服务质量评估中首次响应、解决、满意度的权重(%)", "Weights of first response, solution and satisfaction in an evaluation, in per cent"},
	},
	{Key: "service.evaluation_days", Type: domain.SettingWhole, Min: 1, Max: 92, Default: 30, Clause: "R5.9", Texts: domain.Texts{"季度结束后多少天内完成服务质量评估", "Days after a quarter within which its service is evaluated"}},
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
