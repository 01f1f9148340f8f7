package demo

import "math"

func amounts(l orderLine) (lineFen, taxFen int) {
	lineFen = (l.qtyMilli*l.priceFen*(10000-l.discBP) + 5_000_000) / 10_000_000
	taxFen = (lineFen*l.product.taxBP + 5000) / 10000
	return lineFen, taxFen
}

func fence(a account, lat, lng, accM float64) (int, string) {
	rad := math.Pi / 180
	h := math.Pow(math.Sin((lat-a.lat)*rad/2), 2) + math.Cos(a.lat*rad)*math.Cos(lat*rad)*math.Pow(math.Sin((lng-a.lng)*rad/2), 2)
	d := 2 * 6371008.8 * math.Asin(math.Sqrt(h))
	acc := math.Min(accM, 100)
	switch {
	case d+acc <= float64(a.geofenceM):
		return int(math.Round(d)), "inside"
	case d-acc <= float64(a.geofenceM):
		return int(math.Round(d)), "edge"
	}
	return int(math.Round(d)), "outside"
}
