package catalog

import (
	"satchel/domain"
)

// photoRiskTexts are the texts of reasons by their code.
var photoRiskTexts = map[string]domain.Texts{
	"photo_same":       {"这张照片(完全相同的文件)以前用过。", "This very photo, byte for byte, was used before."},
	"photo_similar":    {"与以前用过的一张照片几乎相同(差异 {distance}/64)。", "Nearly the same as a photo that was used before (they differ in {distance} of 64 bits)."},
	"photo_time":       {"拍摄时间在拜访时间之外 {minutes} 分钟(上限 {limit})。", "Taken {minutes} minutes outside of the visit; the limit is {limit}."},
	"photo_place":      {"拍摄地点距客户 {metres} 米(上限 {limit})。", "Taken {metres} m from the account; the limit is {limit} m."},
	"photo_no_exif":    {"没有拍摄信息,而该手机此前 {photos} 张照片中有 {percent}% 带有拍摄信息。", "Without camera data, which {percent} % of this phone's last {photos} photos had."},
	"photo_gallery":    {"照片选自相册,不是现场拍摄。", "Chosen from the gallery, not taken on the spot."},
	"photo_screenshot": {"这是屏幕截图。", "This is a picture of a screen."},
}
