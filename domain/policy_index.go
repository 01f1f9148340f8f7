package domain

// Clause is a requirement that follows from the company's policy.
type Clause struct {
	Ref         string // such as R2.1
	ZH, EN      string
	Collections []string // where it lives
}

// PolicyIndex lists the clauses in the order of the policy. Which rules stand
// for a clause, and which tests show them, is said by the tests: see
// docs/policy.md, which is made of both.
var PolicyIndex = []Clause{
	{"R1.1", "适用范围", "Purpose and scope", []string{"users", "departments", "policy_docs", "policy_acks"}},
	{"R1.2", "客户导向", "Customer orientation", []string{"account_reviews"}},
	{"R1.3", "团队协作", "Collaboration", []string{"support_requests"}},
	{"R1.4", "数据驱动", "Driven by data", []string{"account_reviews", "metric_snapshots"}},
	{"R1.5", "持续改进", "Continuous improvement", []string{"improvement_actions"}},
	{"R2.1", "组织架构", "Structure of the organisation", []string{"departments", "users"}},
	{"R2.2", "年度工作计划和预算", "Annual plan and budget", []string{"annual_plans", "budgets"}},
	{"R2.3", "绩效考核方案", "Appraisal scheme", []string{"appraisal_schemes"}},
	{"R2.4", "争取资源支持", "Resources from management and departments", []string{"support_requests"}},
	{"R2.5", "定期分析、调整策略", "Periodic analysis", []string{"business_reviews", "metric_snapshots"}},
	{"R2.6", "高层关系、重大合作项目", "Top relations and major deals", []string{"accounts", "opportunities"}},
	{"R2.7", "针对每个KA客户的业务计划", "A plan for each account", []string{"account_plans"}},
	{"R2.8", "针对性解决方案", "Solutions to needs", []string{"account_plans"}},
	{"R2.9", "协调内部资源", "Internal resources in time", []string{"support_requests", "cases"}},
	{"R2.10", "市场信息和竞争对手动态", "Market and competitors", []string{"intel_reports", "competitors"}},
	{"R2.11", "定期汇报", "Regular reports", []string{"work_reports"}},
	{"R2.12", "执行销售任务", "Tasks and close contact", []string{"plan_items", "communications"}},
	{"R2.13", "协助制定拜访计划", "The rep's part in the visit plan", []string{"visit_plans"}},
	{"R2.14", "市场调研", "Market research", []string{"surveys", "survey_answers", "intel_reports"}},
	{"R3.1", "KA客户选择标准", "Selection criteria", []string{"account_scorecards", "scoring_models"}},
	{"R3.2a", "市场调研", "Step 1: research", []string{"accounts", "account_competitors"}},
	{"R3.2b", "客户筛选", "Step 2: screening", []string{"account_scorecards", "account_stage_log"}},
	{"R3.2c", "初次接触", "Step 3: first contact", []string{"communications"}},
	{"R3.2d", "深入沟通", "Step 4: in-depth talks", []string{"visits", "contacts"}},
	{"R3.2e", "合作洽谈", "Step 5: negotiation", []string{"negotiations"}},
	{"R3.2f", "合同签订", "Step 6: contract", []string{"contracts", "approvals"}},
	{"R3.3a", "定期拜访", "Regular visits", []string{"visit_plans", "visits", "account_coverage"}},
	{"R3.3b", "多种沟通渠道", "Channels and timely answers", []string{"communications"}},
	{"R3.3c", "定期向客户提供信息", "Information to customers", []string{"outreach_campaigns", "communications"}},
	{"R3.3d", "客户关怀", "Customer care", []string{"care_dates", "care_tasks"}},
	{"R3.3e", "问题解决", "Issues and complaints", []string{"cases", "case_events", "improvement_actions"}},
	{"R3.3f", "合作评估", "Cooperation review", []string{"account_reviews"}},
	{"R4.1", "年度销售目标", "Annual target", []string{"targets"}},
	{"R4.2", "目标分解与责任书", "Break-down and letters", []string{"targets", "target_letters"}},
	{"R4.3", "月度销售计划", "Monthly plan", []string{"monthly_plans", "visit_plans", "plan_items"}},
	{"R4.4", "及时汇报进展", "Progress reports", []string{"plan_items", "work_reports"}},
	{"R4.5", "检查、分析原因、改进", "Checks, causes, improvement", []string{"plan_items", "improvement_actions"}},
	{"R4.6", "拜访准备", "Preparation of a visit", []string{"visits"}},
	{"R4.7", "拜访过程、客户反馈", "During a visit", []string{"visits", "visit_steps", "visit_feedback"}},
	{"R4.8", "拜访记录", "Record of a visit", []string{"visits", "visit_feedback"}},
	{"R4.9", "销售机会记录", "Opportunities recorded", []string{"opportunities", "competitors"}},
	{"R4.10", "评估分级、跟进与转化", "Grading, follow-up, conversion", []string{"opportunities", "opportunity_stage_log", "scoring_models"}},
	{"R4.11", "订单收集", "Order capture", []string{"orders", "order_lines", "price_lists", "price_items", "product_units", "assortments", "promotions", "number_leases"}},
	{"R4.12", "订单跟进:按时、按质、按量", "Orders on time, whole and good", []string{"order_events", "deliveries", "delivery_lines", "returns", "return_lines", "account_entries", "receipts"}},
	{"R4.13", "订单统计分析", "Order statistics", []string{"metric_snapshots"}},
	{"R4.14", "收集销售数据", "Sales data", []string{"metric_snapshots", "product_costs"}},
	{"R4.15", "分析趋势、需求和竞争", "Trends, needs, competition", []string{"report_definitions", "report_runs"}},
	{"R5.1", "市场推广方案", "Promotion plans", []string{"promo_plans"}},
	{"R5.2", "市场活动", "Activities", []string{"activities", "activity_tasks", "activity_costs", "activity_results", "activity_returns"}},
	{"R5.3", "市场情报", "Intelligence for the field", []string{"intel_reports"}},
	{"R5.4", "产品需求", "Product requests", []string{"product_requests", "product_request_values"}},
	{"R5.5", "产品培训", "Product training", []string{"trainings", "training_keys", "training_records"}},
	{"R5.6", "技术问题解决", "Technical problems", []string{"cases", "support_requests"}},
	{"R5.7", "专属服务通道", "Dedicated service channel", []string{"service_channels", "cases", "communications"}},
	{"R5.8", "服务标准和流程", "Service standards and processes", []string{"service_standards", "cases"}},
	{"R5.9", "服务质量评估与改进", "Service evaluation and improvement", []string{"service_evaluations", "improvement_actions", "cases"}},
	{"R7.1", "预算编制", "Budgets are made", []string{"budgets", "budget_nodes", "expense_categories"}},
	{"R7.2", "预算审批和执行", "Budgets are approved and held to", []string{"budgets", "budget_nodes", "budget_entries", "budget_adjustments", "activity_costs"}},
	{"R7.4", "审核签字", "Review and signature", []string{"approvals"}},
	{"R7.6", "费用控制", "Expense control", []string{"expense_reviews"}},
}
