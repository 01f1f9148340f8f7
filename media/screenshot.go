package media

import (
	"slices"
	"strings"
)

// screenSides are the shorter sides of phones' screens, in pixels.
var screenSides = []int{720, 750, 828, 1080, 1125, 1170, 1179, 1200, 1206, 1220, 1240, 1242, 1260, 1264, 1284, 1290, 1320, 1440}

// screenshot judges by what the file says of itself, and by its size: cameras
// make 4:3, 3:2 and 16:9, screens are longer by now. A photo that went through
// a messenger has lost its EXIF too, so its absence alone says nothing.
func screenshot(f Facts) bool {
	said := strings.ToLower(f.Software + " " + f.comment)
	for _, word := range []string{"screenshot", "screen shot", "截屏", "截图", "屏幕快照"} {
		if strings.Contains(said, word) {
			return true
		}
	}
	short, long := min(f.Width, f.Height), max(f.Width, f.Height)
	if f.Camera || !slices.Contains(screenSides, short) {
		return false
	}
	// 1.9 lies between 16:9 and the first screens that are longer than it. An old
	// screen of 16:9 is told by its PNG, which no camera writes.
	return long*10 >= short*19 && long*10 <= short*24 || f.Type == PNG && long*9 == short*16
}
