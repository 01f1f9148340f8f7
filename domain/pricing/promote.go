package pricing

// promote applies promotions in their order.
func (b basket) promote(in Input) (uses []Use, free []Priced) { return nil, nil }
