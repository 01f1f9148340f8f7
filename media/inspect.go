package media

// Facts describe a photo.
type Facts struct {
	Type Type

	// Width and Height are in pixels and as a viewer sees the picture, after
	// the turn that Exif.Orientation asks for.
	Width, Height int

	Exif

	// Screenshot tells that this is a picture of a screen rather than one that
	// a camera took, as far as the file shows.
	Screenshot bool

	// Memory is what decoding takes, in bytes; an estimate.
	Memory int64

	// Look is what the picture looks like. Only Develop knows it, since it needs
	// the pixels.
	Look Look
}

// Inspect tells what data is. It fails with a *Refusal when data is no
// accepted type, exceeds limits, or has no readable header.
func Inspect(data []byte, limits Limits) (Facts, error) {
	typ, err := Sniff(data)
	if err != nil {
		return Facts{}, err
	}
	config, memory, err := guard(data, typ, limits)
	if err != nil {
		return Facts{}, err
	}
	facts := Facts{Type: typ, Width: config.Width, Height: config.Height, Memory: memory, Exif: ReadExif(data, typ)}
	if sideways(facts.Orientation) {
		facts.Width, facts.Height = facts.Height, facts.Width
	}
	facts.Screenshot = screenshot(facts)
	return facts, nil
}
