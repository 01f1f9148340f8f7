package demo

// brand is the invented name of a customer; slug makes its e-mail domain.
type brand struct{ name, slug string }

// brands are invented. Each is used once before any comes back.
var brands = []brand{
	{"云禾", "yunhe"},
	{"乐栗", "leli"},
	{"青穗", "qingsui"},
	{"百邻汇", "bailinhui"},
	{"澜桥", "lanqiao"},
	{"福满桥", "fumanqiao"},
	{"朗檐", "langyan"},
	{"喜柚", "xiyou"},
	{"众鲤", "zhongli"},
	{"沐枫", "mufeng"},
	{"泰禾邻", "taihelin"},
	{"嘉穗里", "jiasuili"},
	{"谷雨坊", "guyufang"},
	{"鹿寻", "luxun"},
	{"晴川里", "qingchuanli"},
	{"万橙", "wancheng"},
	{"悦禾佳", "yuehejia"},
	{"拾光里", "shiguangli"},
	{"远帆汇", "yuanfanhui"},
	{"橘井", "jujing"},
	{"棠悦", "tangyue"},
	{"星麓", "xinglu"},
	{"茂邻", "maolin"},
	{"枕溪", "zhenxi"},
	{"禾木里", "hemuli"},
	{"千渚", "qianzhu"},
	{"锦禾", "jinhe"},
	{"北岭", "beiling"},
	{"安渡", "andu"},
	{"小满集", "xiaomanji"},
	{"朝露", "zhaolu"},
	{"梧桐湾", "wutongwan"},
	{"新穗", "xinsui"},
	{"龙栖", "longxi"},
	{"和颐坊", "heyifang"},
	{"四季仓", "sijicang"},
	{"万象邻", "wanxianglin"},
	{"桂堂", "guitang"},
	{"凌波", "lingbo"},
	{"南浦汇", "nanpuhui"},
}

// format is a kind of customer: how its name ends and what it is.
type format struct {
	suffix, site string // site %s is the street's name
	industry     string
	title        string // whom the rep usually meets
}

var formats = []format{
	{"超市", "%s店", "连锁超市", "采购经理"},
	{"生活广场", "%s店", "大卖场", "食品课长"},
	{"便利", "%s区域公司", "连锁便利", "商品主管"},
	{"酒店", "%s店", "酒店餐饮", "餐饮总监"},
	{"百货", "%s店", "百货商场", "超市部经理"},
	{"食品批发", "%s配送中心", "批发流通", "总经理"},
	{"会员店", "%s店", "仓储会员", "买手"},
	{"母婴生活馆", "%s店", "母婴连锁", "门店店长"},
	{"餐饮管理", "%s中央厨房", "连锁餐饮", "供应链经理"},
	{"社区优选", "%s前置仓", "社区零售", "运营经理"},
}

var surnames = []string{
	"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "周", "吴", "徐", "孙", "马", "朱", "胡", "郭",
	"何", "高", "林", "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾",
	"肖", "田", "董", "袁", "潘", "蒋", "蔡", "余", "杜", "叶", "程", "苏", "魏", "吕", "丁", "任",
}

var givenNames = []string{
	"伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明",
	"超", "秀英", "建华", "志强", "海燕", "晓梅", "俊杰", "文博", "雅婷", "思远", "浩然", "雨欣", "子轩", "欣怡",
	"国庆", "春梅", "永康", "玉兰", "佳琪", "鹏飞", "慧敏", "立新", "红霞", "振宇", "桂芝", "天宇", "梦瑶", "一凡",
}

// contactTitles by part in the customer's decision.
var contactTitles = []struct{ role, title string }{
	{"decider", "采购总监"},
	{"buyer", "品类采购"},
	{"influencer", "营运经理"},
	{"user", "理货主管"},
	{"gatekeeper", "总经理助理"},
}

var contactNotes = []string{
	"上午十点以后方便接待", "喜欢先看数据再谈陈列", "新到任，需要重新介绍公司", "周三下午开品类会", "对促销费用比较敏感",
	"重视到货准时", "愿意试销新品", "联系前先发微信", "只接受对公账期", "熟悉竞品价格",
}

var accountTags = []string{"重点陈列", "新品试点", "可做堆头", "账期客户", "节庆礼盒", "自有配送", "区域标杆", "团购资源"}

var accountNotes = []string{
	"合作稳定，主推饮料与纸品", "今年新开三家门店，首批铺货进行中", "上季度退货偏高，需跟进效期管理",
	"总部统一谈判，门店只负责陈列", "节前团购量大，提前三周备货", "竞品正在谈买断陈列", "价格敏感，以量换价",
}
