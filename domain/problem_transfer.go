package domain

// Refusals of imports and exports.
var transferTexts = map[string]Texts{
	"import.unknown":       {"不支持导入 {collection}。", "{collection} cannot be imported."},
	"import.file":          {"文件无法读取:{reason}。", "The file cannot be read: {reason}."},
	"import.too_many":      {"一次最多导入 {limit} 行。", "At most {limit} rows at a time."},
	"import.no_rows":       {"文件没有数据行。", "The file has no rows."},
	"import.column":        {"不认识的列“{column}”。", "There is no column {column}."},
	"import.column_twice":  {"列“{column}”重复。", "The column {column} comes twice."},
	"import.column_needed": {"缺少列“{column}”。", "The column {column} is missing."},
	"import.key_needed":    {"“{column}”不能为空。", "{column} must not be empty."},
	"import.twice":         {"与第 {row} 行重复。", "It repeats row {row}."},
	"import.value":         {"“{column}”的值“{value}”无效。", "{column} cannot be “{value}”."},
	"import.not_found":     {"“{column}”找不到“{value}”。", "{column}: there is no “{value}”."},
	"import.ambiguous":     {"“{column}”的“{value}”不止一个。", "{column}: there is more than one “{value}”."},
	"import.at_once":       {"同时进行的导入已达 {limit} 个,请等待完成后再试。", "{limit} imports of yours are at work already; try again when they are done."},
	"export.at_once":       {"同时进行的导出已达 {limit} 个,请等待完成后再试。", "{limit} exports of yours are at work already; try again when they are done."},
	"export.unknown":       {"不能导出 {collection}。", "{collection} cannot be exported."},
	"export.format":        {"格式须为 csv 或 xlsx。", "The format must be csv or xlsx."},
	"export.filter":        {"筛选条件有误。", "The filter is not right."},
}
