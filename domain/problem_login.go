package domain

// Refusals of logins.
var loginTexts = map[string]Texts{
	"login_limited": {"尝试次数过多，请在 {seconds} 秒后再试。", "Too many tries; try again in {seconds} seconds."},
}
