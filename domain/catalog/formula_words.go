package catalog

import (
	"satchel/domain"
)

// formulaTexts are what is wrong with a formula, and where.
var formulaTexts = map[string]domain.Texts{
	"formula.empty":            {"公式为空。", "The formula is empty."},
	"formula.too_long":         {"公式太长（最多 {most} 个字符）。", "The formula is too long: {most} characters at most."},
	"formula.too_deep":         {"公式嵌套太深（最多 {most} 层）。", "The formula is nested too deeply: {most} levels at most."},
	"formula.too_large":        {"公式太大（最多 {most} 个部分）。", "The formula has too many parts: {most} at most."},
	"formula.character":        {"第 {line} 行第 {column} 列：不能使用字符“{near}”。", "Line {line}, column {column}: the character “{near}” may not be used."},
	"formula.syntax":           {"第 {line} 行第 {column} 列：公式在“{near}”处不完整或有语法错误。", "Line {line}, column {column}: the formula is not complete, or cannot be read, at “{near}”."},
	"formula.literal":          {"第 {line} 行第 {column} 列：“{near}”不是可用的数字，请写成 0.95 这样的形式。", "Line {line}, column {column}: “{near}” is no number that may be used; write it as in 0.95."},
	"formula.unknown_name":     {"第 {line} 行第 {column} 列：没有名为“{near}”的指标或变量。", "Line {line}, column {column}: there is no metric or name “{near}”."},
	"formula.unknown_function": {"第 {line} 行第 {column} 列：没有这个函数，或参数个数不对；可用 band、min、max、clamp、avg、sum、ratio、days、if。", "Line {line}, column {column}: there is no such function, or it has another number of arguments; there are band, min, max, clamp, avg, sum, ratio, days and if."},
	"formula.types":            {"第 {line} 行第 {column} 列：“{near}”与前后的类型不符（数字、日期、真假不能混用）。", "Line {line}, column {column}: “{near}” does not fit what stands around it: numbers, days and yes or no do not mix."},
	"formula.want_number":      {"公式的结果必须是数字。", "The formula must come to a number."},
	"formula.want_truth":       {"条件的结果必须是真或假。", "The condition must come to true or false."},
	"formula.division":         {"第 {line} 行第 {column} 列：除数可能为零，请改用 ratio(分子, 分母)。", "Line {line}, column {column}: this may divide by zero; use ratio(numerator, denominator)."},
	"formula.points":           {"第 {line} 行第 {column} 列：band 的各点须写成数字，横坐标递增、得分不下降。", "Line {line}, column {column}: the points of a band are numbers, whose x rises and whose points do not fall."},
	"formula.divided_by_zero":  {"公式除以了零。", "The formula divided by zero."},
	"formula.overflow":         {"公式的数值超出范围。", "A number of the formula is out of bounds."},
	"formula.too_dear":         {"公式计算量过大。", "The formula takes too much to reckon."},
	"formula.failed":           {"公式无法计算：{fault}", "The formula could not be reckoned: {fault}"},
}
