package catalog

import (
	"satchel/domain"
)

// Refusals of logins.
var loginTexts = map[string]domain.Texts{
	"login_limited": {"尝试次数过多，请在 {seconds} 秒后再试。", "Too many tries; try again in {seconds} seconds."},
}
