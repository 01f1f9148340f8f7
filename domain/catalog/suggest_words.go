package catalog

import (
	"satchel/domain"
	"satchel/domain/sales"
)

// suggestTexts are why a line is suggested.
var suggestTexts = map[string]domain.Texts{
	sales.SuggestOut:     {"{day} 到访时货架缺货；通常每 {cadence} 天订 {median}", "Out of stock at the visit of {day}; usually {median} are ordered every {cadence} days"},
	sales.SuggestShelf:   {"{day} 货架存量 {stock}，估计现余 {left}；{days} 天后再访，通常每 {cadence} 天订 {median}", "{stock} were on the shelf on {day}, some {left} are left by now; the next visit is in {days} days, and usually {median} are ordered every {cadence} days"},
	sales.SuggestCadence: {"上次 {last} 订货，估计现余 {left}；{days} 天后再访，通常每 {cadence} 天订 {median}", "Last ordered on {last}, some {left} are left by now; the next visit is in {days} days, and usually {median} are ordered every {cadence} days"},
}
