package demo

// line is a family of goods: every kind in every flavour and every pack.
type line struct {
	category string
	prefix   string // of the SKU
	brand    string // ours, invented
	taxBP    int64  // VAT in basis points: 1300, or 900 on farm produce
	kinds    []string
	flavours []string
	packs    []pack
}

// pack is how the goods are sold: price in fen per case, without tax.
type pack struct {
	spec     string
	perCase  int
	priceFen int64
}

// lines give 300 goods; Options.Products takes from every line in turn.
var lines = []line{
	{
		"饮料", "DR", "禾漾", 1300,
		[]string{"气泡水", "茉莉茶", "乌龙茶", "果汁茶"},
		[]string{"白桃", "柠檬", "青提", "原味"},
		[]pack{{"330ml×24罐", 24, 5280}, {"500ml×15瓶", 15, 4350}, {"1L×12瓶", 12, 5040}},
	},
	{
		"休闲食品", "SN", "栗小满", 1300,
		[]string{"薄脆饼干", "坚果仁", "米果", "海苔卷"},
		[]string{"海盐", "原味", "蜂蜜", "香辣", "芝士"},
		[]pack{{"80g×24袋", 24, 9360}, {"200g×12袋", 12, 11880}},
	},
	{
		"粮油", "GR", "稻序", 900,
		[]string{"长粒香米", "胚芽米", "低筋面粉", "高筋面粉"},
		[]string{"东北", "江南"},
		[]pack{{"5kg×4袋", 4, 11600}, {"10kg×2袋", 2, 10900}, {"2.5kg×8袋", 8, 12400}},
	},
	{
		"食用油", "OL", "稻序", 900,
		[]string{"菜籽油", "花生油", "玉米油"},
		[]string{"压榨", "物理冷榨"},
		[]pack{{"5L×4桶", 4, 22800}, {"1.8L×6桶", 6, 14700}},
	},
	{
		"调味品", "CO", "灶语", 1300,
		[]string{"生抽", "老抽", "香醋", "蚝油"},
		[]string{"经典", "减盐", "零添加"},
		[]pack{{"500ml×12瓶", 12, 8880}, {"1.28L×6瓶", 6, 8460}, {"1.9L×6壶", 6, 11340}},
	},
	{
		"乳品", "DA", "牧语", 900,
		[]string{"纯牛奶", "高钙奶", "燕麦奶"},
		[]string{"原味", "低脂", "有机"},
		[]pack{{"250ml×24盒", 24, 6960}, {"1L×12盒", 12, 8640}},
	},
	{
		"家居清洁", "HC", "净澄", 1300,
		[]string{"洗衣液", "洗洁精", "地板清洁剂", "油污净"},
		[]string{"柠檬", "薰衣草", "无香", "海洋"},
		[]pack{{"1kg×12瓶", 12, 13200}, {"2kg×6瓶", 6, 12300}, {"500g×24瓶", 24, 15600}},
	},
	{
		"个人护理", "PC", "沐序", 1300,
		[]string{"洗发露", "沐浴露", "护手霜", "牙膏"},
		[]string{"茶树", "椰乳", "樱花", "柚子"},
		[]pack{{"400ml×12瓶", 12, 20400}, {"750ml×8瓶", 8, 21600}},
	},
	{
		"纸品", "PA", "绒语", 1300,
		[]string{"抽取式面纸", "卷筒纸", "厨房纸", "湿巾"},
		[]string{"原木", "竹浆"},
		[]pack{{"100抽×48包", 48, 9120}, {"120抽×36包", 36, 8640}, {"80抽×60包", 60, 9900}},
	},
	{
		"冲调", "IN", "晨谷", 1300,
		[]string{"燕麦片", "藕粉", "豆浆粉"},
		[]string{"原味", "红枣", "低糖"},
		[]pack{{"400g×12袋", 12, 13680}, {"800g×6袋", 6, 12780}},
	},
}
