package catalog

import (
	"satchel/domain"
)

// Refusals of imports and exports.
var transferTexts = map[string]domain.Texts{
	"import.unknown":          {"不支持导入 {collection}。", "{collection} cannot be imported."},
	"import.not_allowed":      {"您无权导入 {collection}。", "You may not import {collection}."},
	"import.no_file":          {"请求中没有文件:请以表单字段 file 上传。", "There is no file: send it as the form's field file."},
	"import.incomplete":       {"文件未传完整,请重新上传。", "The file did not come whole; send it again."},
	"import.file_too_large":   {"文件超过 {limit} MB。", "The file is larger than {limit} MB."},
	"import.encoding":         {"第 {row} 行无法识别:文本既不是 UTF-8 也不是 GBK。", "Row {row} cannot be read: the text is neither UTF-8 nor GBK."},
	"import.quotes":           {"第 {row} 行的引号不配对,无法读取。", "The quotes of row {row} do not match; it cannot be read."},
	"import.workbook":         {"文件不是 .xlsx 工作簿,或已损坏;请用 Excel 另存为 .xlsx 后重试。", "This is no .xlsx workbook, or it is damaged; save it anew as .xlsx."},
	"import.too_large":        {"工作簿解压后超过 {limit} MB(读到第 {row} 行);请只保留要导入的工作表。", "Unzipped, the workbook is larger than {limit} MB (it was read up to row {row}); leave only the sheet that is to be imported."},
	"import.too_much_text":    {"到第 {row} 行为止的文字已超过 {limit} MB,请分几次导入。", "The texts up to row {row} are more than {limit} MB; import them in parts."},
	"import.too_many_columns": {"表头超过 {limit} 列。", "The head has more than {limit} columns."},
	"import.too_wide":         {"{column} 列有内容,但表头只到 {last} 列。", "There is something in column {column}, but the head ends at column {last}."},
	"import.row_too_long":     {"第 {row} 行起有超过 {limit} KB 的内容,无法读取;引号可能没有配对。", "From row {row} on, one piece is longer than {limit} kB; perhaps a quote is not closed."},
	"import.cell_too_long":    {"单元格 {cell} 的文字超过 {limit} 个字符。", "The text of cell {cell} is longer than {limit} characters."},
	"import.cell_error":       {"单元格 {cell} 是错误值“{value}”。", "Cell {cell} holds the error “{value}”."},
	"import.digits_lost":      {"单元格 {cell} 的数字“{value}”超过 15 位,表格已丢失末尾数字;请改为文本格式后重新填写。", "The number “{value}” of cell {cell} has more than fifteen digits, the last of which are lost; make the cell one of text and fill it in anew."},
	"import.too_many":         {"一次最多导入 {limit} 行。", "At most {limit} rows at a time."},
	"import.no_rows":          {"文件没有数据行。", "The file has no rows."},
	"import.column":           {"不认识的列“{column}”。", "There is no column {column}."},
	"import.column_twice":     {"列“{column}”重复。", "The column {column} comes twice."},
	"import.column_needed":    {"缺少列“{column}”。", "The column {column} is missing."},
	"import.key_needed":       {"“{column}”不能为空。", "{column} must not be empty."},
	"import.twice":            {"与第 {row} 行重复。", "It repeats row {row}."},
	"import.total":            {"合计行的“{column}”为 {value}，各行合计为 {sum}；未导入任何内容。", "The total of {column} is {value}, the lines add up to {sum}; nothing was taken."},
	"import.value":            {"“{column}”的值“{value}”无效。", "{column} cannot be “{value}”."},
	"import.not_found":        {"“{column}”找不到“{value}”。", "{column}: there is no “{value}”."},
	"import.ambiguous":        {"“{column}”的“{value}”不止一个。", "{column}: there is more than one “{value}”."},
	"import.at_once":          {"同时进行的导入已达 {limit} 个,请等待完成后再试。", "{limit} imports of yours are at work already; try again when they are done."},
	"import.undone":           {"该导入已撤销。", "The import is undone already."},
	"import.undo_reason":      {"请填写撤销导入的原因。", "Give the reason for undoing the import."},
	"import.row_gone":         {"该行已不存在。", "The row is no longer there."},
	"import.row_touched":      {"导入后已被修改,予以保留。", "It was changed since the import and stays."},
	"import.row_referred":     {"已被 {collection} 引用,予以保留。", "A row of {collection} refers to it; it stays."},
	"import.row_seen":         {"可能已同步到手机,予以保留。", "A phone may have received it; it stays."},
	"export.at_once":          {"同时进行的导出已达 {limit} 个,请等待完成后再试。", "{limit} exports of yours are at work already; try again when they are done."},
	"export.unknown":          {"不能导出 {collection}。", "{collection} cannot be exported."},
	"export.format":           {"格式须为 csv 或 xlsx。", "The format must be csv or xlsx."},
	"export.filter":           {"筛选条件有误。", "The filter is not right."},
}
