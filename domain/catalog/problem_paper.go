package catalog

import (
	"satchel/domain"
)

// Why a paper was not read.
var paperTexts = map[string]domain.Texts{
	"paper.nothing":      {"没有读到发票内容,请手工填写。", "Nothing of an invoice was found; type it in."},
	"paper.failed":       {"读取时程序多次中断,请手工填写。", "Reading broke off repeatedly; type it in."},
	"paper.type_refused": {"文件不是照片、PDF、OFD 或 XML 发票。", "The file is no picture, PDF, OFD or XML of an invoice."},
	"paper.damaged":      {"文件已损坏,无法读取,请手工填写。", "The file is damaged and cannot be read; type it in."},
	"paper.too_much":     {"文件内容过大,未读取,请手工填写。", "The file holds more than a paper does and was not read; type it in."},
	"paper.doctype":      {"文件含有不允许的 XML 声明,未读取。", "The file has XML declarations that are not allowed and was not read."},
}
