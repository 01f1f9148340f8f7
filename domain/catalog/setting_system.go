package catalog

import (
	"satchel/domain"
)

// Settings of the engine and of the server's upkeep.
var systemSettings = []domain.Setting{
	{Key: "demo.company", Type: domain.SettingData, Texts: domain.Texts{"演示数据标记", "Mark of a demo company"}},

	{Key: "handover.prefetch_days", Type: domain.SettingWhole, Max: 60, Default: 3, Texts: domain.Texts{"交接前几天接收人可先读取", "Days before a handover in which the new rep reads ahead"}},
	{Key: "handover.drain_days", Type: domain.SettingWhole, Max: 7, Default: 7, Texts: domain.Texts{"交接后几天仍接收原负责人的记录", "Days after a handover in which the old rep's work still arrives"}},

	{Key: "device.login_minutes", Type: domain.SettingWhole, Min: 1, Max: 1440, Default: 10, Texts: domain.Texts{"输入密码后几分钟内可登记新设备", "Minutes after the password was given in which a phone may be registered"}},
	{Key: "device.live_most", Type: domain.SettingWhole, Min: 1, Max: 1000, Default: 8, Texts: domain.Texts{"每人在用设备上限", "Phones that a person may have in use"}},

	{Key: "sync.late_days", Type: domain.SettingWhole, Max: 365, Default: 7, Texts: domain.Texts{"客户转交后仍接收记录的天数", "Days in which work on an account that left still arrives"}},
	{Key: "sync.min_schema", Type: domain.SettingWhole, Min: 1, Max: 1 << 30, Default: 1, Texts: domain.Texts{"可拉取数据的最低版本", "Lowest schema that may pull"}},
	{Key: "sync.repair_rows_per_day", Type: domain.SettingWhole, Max: 1 << 30, Default: 500, Texts: domain.Texts{"每台设备每天修复的行数上限", "Rows repaired per device and day"}},
	{Key: "sync.rate_per_second", Type: domain.SettingWhole, Max: 1 << 20, Default: 5, Texts: domain.Texts{"每台设备每秒请求数", "Requests per device and second"}},
	{Key: "sync.rate_burst", Type: domain.SettingWhole, Max: 1 << 20, Default: 60, Texts: domain.Texts{"每台设备突发请求数", "Requests of a device at once"}},
	{Key: "sync.streams_per_phone", Type: domain.SettingWhole, Min: 1, Max: 10000, Default: 8, Texts: domain.Texts{"每台设备同时打开的通知连接数", "Poke streams open per device"}},
	{Key: "sync.streams_per_user", Type: domain.SettingWhole, Min: 1, Max: 10000, Default: 24, Texts: domain.Texts{"每位用户同时打开的通知连接数", "Poke streams open per user"}},
	{Key: "sync.device_ttl_days", Type: domain.SettingWhole, Min: 1, Max: 3650, Default: 180, Texts: domain.Texts{"等待沉默设备的天数", "Days that a silent phone is waited for"}},
	{Key: "sync.journal_most", Type: domain.SettingWhole, Min: 100, Max: 1 << 20, Default: 10000, Texts: domain.Texts{"一部手机保留的已提交操作数上限", "Changes that a phone keeps after they were taken"}},
	{Key: "sync.max_scope_rows", Type: domain.SettingWhole, Max: 1 << 30, Default: 20000, Texts: domain.Texts{"一部手机可见行数上限", "Rows that a phone may hold"}},
	{Key: "issues.open_max", Type: domain.SettingWhole, Min: 1, Max: 1 << 20, Default: 1000, Texts: domain.Texts{"每人待处理同步问题达到多少条后暂停接收提交", "Open sync issues of a person at which nothing more of his is taken"}},
	{Key: "sync.stale_hours", Type: domain.SettingWhole, Min: 1, Max: 8760, Default: 72, Texts: domain.Texts{"未同步多少小时后告警", "Hours without sync before an alert"}},

	{Key: "upload.in_flight_per_user", Type: domain.SettingWhole, Min: 1, Max: 256, Default: 4, Texts: domain.Texts{"每位用户同时进行的上传数", "Uploads in flight per user"}},
	{Key: "import.at_once_per_user", Type: domain.SettingWhole, Min: 1, Max: 100, Default: 1, Texts: domain.Texts{"每位用户同时进行的导入数", "Imports at once per user"}},
	{Key: "export.at_once_per_user", Type: domain.SettingWhole, Min: 1, Max: 100, Default: 2, Texts: domain.Texts{"每位用户同时进行的导出数", "Exports at once per user"}},
	{Key: "filter.at_once_per_user", Type: domain.SettingWhole, Min: 1, Max: 1000, Default: 4, Texts: domain.Texts{"每位用户同时进行的列表查询数", "Lists read at once per user"}},
	{Key: "filter.milliseconds", Type: domain.SettingWhole, Min: 50, Max: 60000, Default: 2000, Texts: domain.Texts{"一次列表查询最多毫秒数", "Milliseconds that a list may take to read"}},
	{Key: "realtime.guest_seconds", Type: domain.SettingWhole, Min: 1, Max: 300, Default: 10, Texts: domain.Texts{"未登录的实时连接保留秒数", "Seconds that a realtime connection may stay without a login"}},
	{Key: "realtime.per_user", Type: domain.SettingWhole, Min: 1, Max: 10000, Default: 8, Texts: domain.Texts{"每位用户同时打开的实时连接数", "Realtime connections open per user"}},
	{Key: "realtime.guests_per_address", Type: domain.SettingWhole, Min: 1, Max: 100000, Default: 100, Texts: domain.Texts{"每个地址未登录的实时连接数", "Realtime connections without a login per address"}},

	{Key: "backup.offsite", Type: domain.SettingText, Default: "", Texts: domain.Texts{"异地备份目录", "Directory of copies off the machine"}},
	{Key: "backup.cron", Type: domain.SettingText, Default: "", Texts: domain.Texts{"备份时间表", "Schedule of copies"}},
	{Key: "backup.keep", Type: domain.SettingWhole, Max: 10000, Default: 7, Texts: domain.Texts{"保留备份份数", "Copies kept"}},

	{Key: "security.sql_console", Type: domain.SettingFlag, Default: false, Texts: domain.Texts{"开放 SQL 控制台(其写入不受规则约束,仅记入操作日志)", "The SQL console is open: no rule holds what it writes, the audit log alone tells of it"}},
	{Key: "webhook.allow_private", Type: domain.SettingFlag, Default: false, Texts: domain.Texts{"允许向内网地址发送回调", "Webhooks may go to private addresses"}},
	{Key: "message.max_tries", Type: domain.SettingWhole, Min: 1, Max: 50, Default: 8, Texts: domain.Texts{"邮件与回调的最多尝试次数，此后放弃该消息或暂停其目标", "Attempts at a mail or webhook before it is given up, or its target parked"}},
	{Key: "message.wait_days", Type: domain.SettingWhole, Min: 1, Max: 365, Default: 7, Texts: domain.Texts{"目标暂停时消息最多等待的天数", "Days for which messages wait for a target that is parked"}},
	{Key: "message.sender_minute", Type: domain.SettingWhole, Min: 1, Max: 10_000, Default: 30, Texts: domain.Texts{"每人每分钟引发的邮件与回调数，超出的合并发送", "Mails and webhooks that a person may cause a minute; beyond that they go in digests"}},
	{Key: "message.sender_day", Type: domain.SettingWhole, Min: 1, Max: 1_000_000, Default: 500, Texts: domain.Texts{"每人每天引发的邮件与回调数，超出的合并发送", "Mails and webhooks that a person may cause in 24 hours; beyond that they go in digests"}},
	{Key: "message.digest_minutes", Type: domain.SettingWhole, Min: 0, Max: 1440, Default: 15, Texts: domain.Texts{"合并邮件收集的分钟数", "Minutes for which a digest by mail gathers"}},
}
