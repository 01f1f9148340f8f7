package analysis

import "satchel/domain"

// Name is what a dimension is called.
func (d Dimension) Name() domain.Texts { return dimensionNames[d] }

var dimensionNames = map[Dimension]domain.Texts{
	Person:     {ZH: "人员", EN: "Person"},
	Team:       {ZH: "团队", EN: "Team"},
	Department: {ZH: "部门", EN: "Department"},
	Account:    {ZH: "客户", EN: "Account"},
	Tier:       {ZH: "客户等级", EN: "Tier"},
	Region:     {ZH: "区域", EN: "Region"},
	Product:    {ZH: "产品", EN: "Product"},
	Category:   {ZH: "品类", EN: "Category"},
	Promotion:  {ZH: "促销", EN: "Promotion"},
	Theme:      {ZH: "主题", EN: "Theme"},
	Competitor: {ZH: "竞争对手", EN: "Competitor"},
	Reason:     {ZH: "原因", EN: "Reason"},
	Sort:       {ZH: "类型", EN: "Kind"},
	Day:        {ZH: "日", EN: "Day"},
	Month:      {ZH: "月", EN: "Month"},
	Quarter:    {ZH: "季度", EN: "Quarter"},
	Year:       {ZH: "年", EN: "Year"},
}
