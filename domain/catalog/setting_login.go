package catalog

import (
	"satchel/domain"
)

// Settings of how often somebody may try a login. None can be switched off.
var loginSettings = []domain.Setting{
	{Key: "login.tries", Type: domain.SettingWhole, Min: 1, Max: 100, Default: 10, Texts: domain.Texts{"一个账号在同一地址可试错的次数", "Failed tries of a login from one address"}},
	{Key: "login.tries_strange", Type: domain.SettingWhole, Min: 1, Max: 1000, Default: 30, Texts: domain.Texts{"一个账号在从未登录过的各地址合计可试错的次数", "Failed tries of a login from all addresses that it never came from"}},
	{Key: "login.tries_address", Type: domain.SettingWhole, Min: 1, Max: 10000, Default: 100, Texts: domain.Texts{"一个地址对从未在此登录过的各账号合计可试错的次数", "Failed tries from an address of all logins that never came from it"}},
	{Key: "login.mails", Type: domain.SettingWhole, Min: 1, Max: 100, Default: 5, Texts: domain.Texts{"可向一个账号发送的重置、验证与验证码邮件数", "Mails of reset, verification and one-time codes to a login"}},
	{Key: "login.minutes", Type: domain.SettingWhole, Min: 1, Max: 1440, Default: 15, Texts: domain.Texts{"多少分钟后恢复全部次数", "Minutes in which all tries come back"}},
	{Key: "login.place_days", Type: domain.SettingWhole, Min: 1, Max: 3650, Default: 180, Texts: domain.Texts{"记住账号登录地址的天数", "Days in which an address that a login came from is remembered"}},
}
