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
	"import.undone":        {"该导入已撤销。", "The import is undone already."},
	"import.undo_reason":   {"请填写撤销导入的原因。", "Give the reason for undoing the import."},
	"import.row_gone":      {"该行已不存在。", "The row is no longer there."},
	"import.row_touched":   {"导入后已被修改,予以保留。", "It was changed since the import and stays."},
	"import.row_referred":  {"已被 {collection} 引用,予以保留。", "A row of {collection} refers to it; it stays."},
	"import.row_seen":      {"可能已同步到手机,予以保留。", "A phone may have received it; it stays."},
	"export.at_once":       {"同时进行的导出已达 {limit} 个,请等待完成后再试。", "{limit} exports of yours are at work already; try again when they are done."},
	"export.unknown":       {"不能导出 {collection}。", "{collection} cannot be exported."},
	"export.format":        {"格式须为 csv 或 xlsx。", "The format must be csv or xlsx."},
	"export.filter":        {"筛选条件有误。", "The filter is not right."},
}
