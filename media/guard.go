package media

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// Limits bound what is decoded. A zero field means no limit.
type Limits struct {
	Bytes  int64 // of the file
	Pixels int64 // width times height
	Side   int   // of the longer side, in pixels
	Memory int64 // of the decoded picture, in bytes; an estimate
}

// PhotoLimits hold for photos of a visit: 25 MB, 50 megapixels, and what a JPEG
// of so many takes at most, or a PNG of 40.
var PhotoLimits = Limits{Bytes: 25 << 20, Pixels: 50_000_000, Side: 30_000, Memory: 160_000_000}

// guard reads the dimensions from the header, without decoding a pixel, and
// refuses what would be too dear to decode. Decoders are named one by one,
// since the registry of package image depends on what else is linked in.
func guard(data []byte, typ Type, limits Limits) (config image.Config, memory int64, err error) {
	if limits.Bytes > 0 && int64(len(data)) > limits.Bytes {
		return image.Config{}, 0, &Refusal{Code: CodeTooLarge, Params: map[string]any{"limit": limits.Bytes}}
	}
	if animated(data, typ) {
		return image.Config{}, 0, &Refusal{Code: CodeAnimated}
	}
	config, err = decoders[typ].config(bytes.NewReader(data))
	if err != nil {
		return image.Config{}, 0, Damaged(err)
	}
	if config.Width <= 0 || config.Height <= 0 {
		return image.Config{}, 0, Damaged(errors.New("no pixels"))
	}
	pixels := int64(config.Width) * int64(config.Height)
	if limits.Pixels > 0 && pixels > limits.Pixels || limits.Side > 0 && max(config.Width, config.Height) > limits.Side {
		return image.Config{}, 0, &Refusal{Code: CodeTooManyPixels, Params: map[string]any{
			"width": config.Width, "height": config.Height, "limit": limits.Pixels,
		}}
	}
	needs := cost(data, typ, config)
	switch over := limits.Memory > 0 && needs.memory > limits.Memory; {
	case over && needs.kept:
		return image.Config{}, 0, &Refusal{Code: CodeProgressive, Params: map[string]any{"width": config.Width, "height": config.Height}}
	case over || needs.walked > maxScanned:
		return image.Config{}, 0, TooDear(nil)
	}
	return config, needs.memory, nil
}

type decoder struct {
	config func(io.Reader) (image.Config, error)
	pixels func(io.Reader) (image.Image, error)
}

var decoders = map[Type]decoder{
	JPEG: {jpeg.DecodeConfig, jpeg.Decode},
	PNG:  {png.DecodeConfig, png.Decode},
	WebP: {webp.DecodeConfig, webp.Decode},
}
