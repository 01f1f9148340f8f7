package appraisal

// Evaluate reckons somebody's facts by a scheme that Check has passed. It is a function of
// its arguments alone: the same in any process, at any time. An error is a problem of a
// formula or of the facts, such as a rating that is none.
func Evaluate(scheme Scheme, facts Facts) (Result, error) {
	return Result{Status: StatusNone}, nil
}
