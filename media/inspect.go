package media

// Facts describe a photo without its pixels having been decoded.
type Facts struct {
	Type Type

	// Width and Height are in pixels and as a viewer sees the picture, after
	// the turn that Exif.Orientation asks for.
	Width, Height int

	Exif
}

// Inspect tells what data is. It fails with a *Refusal when data is no
// accepted type, exceeds limits, or has no readable header.
func Inspect(data []byte, limits Limits) (Facts, error) {
	typ, err := Sniff(data)
	if err != nil {
		return Facts{}, err
	}
	config, err := guard(data, typ, limits)
	if err != nil {
		return Facts{}, err
	}
	facts := Facts{Type: typ, Width: config.Width, Height: config.Height, Exif: ReadExif(data, typ)}
	if sideways(facts.Orientation) {
		facts.Width, facts.Height = facts.Height, facts.Width
	}
	return facts, nil
}
