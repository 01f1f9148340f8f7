package catalog

import (
	"satchel/domain"
)

// Refusals of what a client asks of lists.
var filterTexts = map[string]domain.Texts{
	"filter.too_complex": {
		"筛选、排序或展开过于复杂:反向关联 {backs}(最多 {most_backs}),连接 {joins}(最多 {most_joins}),条件 {terms}(最多 {most_terms}),字段 {fields}(最多 {most_fields})。",
		"The filter, sort or expand asks for too much: {backs} back-relations (at most {most_backs}), {joins} joins ({most_joins}), {terms} terms ({most_terms}), {fields} fields ({most_fields}).",
	},
	"filter.too_slow":  {"查询耗时过长,已停止;请缩小范围后再试。", "The query took too long and was stopped; ask for less."},
	"filter.too_large": {"一次读取的数据超过 {limit} MiB;请减少每页条数(perPage)后再试。", "The rows are larger than {limit} MiB together; ask for fewer at once (perPage)."},
	"filter.at_once":   {"您同时进行的查询过多(每次 {limit} 个),请稍后再试。", "Too many queries of yours wait already ({limit} run at once); try again soon."},
}
