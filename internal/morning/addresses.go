package morning

import "satchel/internal/demo"

// logins are whom to look at the demo as.
var logins = []struct{ name, zh, en string }{
	{"director.lin", "部门经理 林国栋", "department manager"},
	{"manager.wu", "KA业务经理 吴敏", "KA manager of chen and he"},
	{"rep.chen", "KA业务代表 陈立", "KA rep"},
	{"rep.he", "KA业务代表 何雨桐", "KA rep"},
	{"finance.zhao", "财务 赵雅琴", "finance"},
	{"executive.sun", "公司管理层 孙志远", "executive"},
	{"market.tang", "市场部 唐薇", "marketing"},
	{"product.guo", "研发部 郭一鸣", "product"},
	{"service.qian", "客服部 钱小满", "customer service"},
	{"auditor.jin", "审计 金正", "auditor"},
}

// addresses tells where to look and as whom.
func addresses(c *console, base string) {
	c.head("看一看", "Have a look")
	for _, l := range [][2]string{
		{"管理后台 " + base + "/_/", "dashboard"},
		{"拜访核查 " + base + "/review/", "visits to review, as manager.wu"},
		{"接口 " + base + "/api/", "REST, sync and uploads"},
		{"所有密码 " + demo.Password, "the password of all"},
	} {
		c.raw(pad("  "+l[0], column) + "  " + l[1])
	}
	rows := [][]string{{"登录 / login", "身份", "role"}, {demo.SuperuserEmail, "超级管理员", "superuser of the dashboard"}}
	for _, l := range logins {
		rows = append(rows, []string{demo.Email(l.name), l.zh, l.en})
	}
	c.table(rows)
}
