package domain

// NoticeText renders a notice in "zh" or "en".
func NoticeText(kind string, params map[string]any, locale string) string {
	texts, ok := Notices[kind]
	if !ok {
		return kind
	}
	return texts.fill(params, locale)
}
