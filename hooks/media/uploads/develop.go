package uploads

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"satchel/domain"
	"satchel/domain/evidence"
	"satchel/hooks/platform/gate"
	"satchel/media"
	"satchel/records"
)

// develop brings one row of the queue to its end: stored with its copies, or
// rejected with a code and the bytes kept, or pending again if they are not here.
// Files are written outside of any transaction, and before the row names them.
func (s *Service) develop(ctx context.Context, app core.App, id records.BlobID) error {
	row, found, err := records.Blobs.Find(app, id)
	if err != nil {
		return fmt.Errorf("find blob: %w", err)
	}
	if !found || row.State() != received { // of one that was deleted, what it left on the disk is swept
		return nil
	}
	shelf, err := openShelf(ctx, app)
	if err != nil {
		return err
	}
	defer shelf.close()

	path, done, err := s.source(shelf, row)
	if errors.Is(err, errGone) {
		_, err = s.conclude(ctx, app, id, await)
		return err
	}
	if err != nil {
		return err
	}
	defer done()
	made, err := s.make(ctx, app, row, path)
	refusal, refused := asProblem(err)
	if err != nil && !refused {
		return err
	}
	names := map[string]string{records.BlobColOriginal: originalName(row, made.mime)}
	if row.OriginalField() != "" {
		names[records.BlobColOriginal] = row.OriginalField()
	} else if err := shelf.putFile(path, pathIn(row, names[records.BlobColOriginal])); err != nil {
		return err
	}
	for field, content := range made.copies() {
		names[field] = copyName(row, field, content)
		if err := shelf.put(content, pathIn(row, names[field])); err != nil {
			return err
		}
	}
	if err := shelf.sync(); err != nil {
		return err
	}
	there, err := s.conclude(ctx, app, id, func(row records.Blob) {
		if refused {
			row.SetOriginalField(names[records.BlobColOriginal])
			row.SetState(rejected)
			row.SetCode(refusal.Code)
			return
		}
		keep(row, shelf.state(), made, names, s.cfg.Now())
	})
	if err != nil {
		return err
	}
	if !there {
		return errors.Join(shelf.DeletePrefix(pathIn(row, ""))...)
	}
	// The row says how it ended; files that stay behind are swept.
	if failed := s.remove(id); failed != nil {
		app.Logger().Warn("finished upload stays on disk", "blob", id, "error", failed)
	}
	return nil
}

// conclude writes what a row came to, unless it has left the queue meanwhile, and
// reports whether the row is still there. The names of the files are set without
// PocketBase's check, which knows only files that it wrote itself, inside of the
// transaction.
func (s *Service) conclude(ctx context.Context, app core.App, id records.BlobID, write func(records.Blob)) (there bool, err error) {
	err = app.RunInTransaction(func(tx core.App) error {
		row, found, err := records.Blobs.Find(tx, id)
		there = found
		if err != nil || !found || row.State() != received {
			return err
		}
		write(row)
		return tx.SaveNoValidateWithContext(gate.AsServer(context.WithoutCancel(ctx)), row.Raw())
	})
	if err != nil {
		return there, fmt.Errorf("conclude blob %s: %w", id, err)
	}
	return there, nil
}

// source gives the verified bytes as a file: what was uploaded, or the stored
// original of a row that is developed again. errGone if there are none.
func (s *Service) source(shelf *shelf, row records.Blob) (path string, done func(), err error) {
	path, done = s.path(row.ID()), func() {}
	if row.OriginalField() != "" {
		path = s.path(row.ID()) + againSuffix
		done = func() { _ = os.Remove(path) } // if it stays it is swept
		err = shelf.fetch(pathIn(row, row.OriginalField()), path)
		if errors.Is(err, filesystem.ErrNotFound) {
			err = errGone
		}
	}
	var hash string
	if err == nil {
		hash, err = fingerprint(path)
	}
	if err == nil && hash != hashOf(row) {
		err = errGone
		if row.OriginalField() == "" {
			err = errors.Join(errGone, s.remove(row.ID())) // a power cut mangled it
		}
	}
	if err != nil {
		done()
		return "", nil, err
	}
	return path, done, nil
}

const againSuffix = ".again"

// made is what a file came to.
type made struct {
	mime string
	media.Developed
}

func (m made) copies() map[string][]byte {
	if m.Public == nil {
		return nil
	}
	return map[string][]byte{records.BlobColPublic: m.Public, records.BlobColThumb: m.Thumb, records.BlobColTiny: m.Tiny}
}

// make tells the type by content, and develops what is a picture.
func (s *Service) make(ctx context.Context, app core.App, row records.Blob, path string) (made, error) {
	mime, err := contentType(path)
	if err != nil {
		return made{}, err
	}
	out := made{mime: mime}
	if err := evidence.BlobType(string(row.Purpose()), mime); err != nil {
		return out, err
	}
	if !evidence.IsPhotoType(mime) {
		return out, nil
	}
	want := media.Want{Limits: media.PhotoLimits}
	if want.Limits.Bytes, err = maxBytes(app, row.Purpose()); err != nil {
		return out, err
	}
	if s.cfg.Watermark != nil {
		if want.Watermark, err = s.cfg.Watermark(app, row); err != nil {
			return out, err
		}
	}
	out.Developed, err = s.cfg.Develop(ctx, path, want)
	return out, err
}

// nobody is Config.Develop of a server that cannot: what arrived waits.
func nobody(context.Context, string, media.Want) (media.Developed, error) {
	return media.Developed{}, errors.New("this server has no process that develops")
}

// asProblem reads a refusal of the file itself.
func asProblem(err error) (domain.Problem, bool) {
	if refusal, ok := errors.AsType[*media.Refusal](err); ok {
		return domain.Problem{Code: refusal.Code, Params: refusal.Params}, true
	}
	return errors.AsType[domain.Problem](err)
}

// head reads the first bytes of a file.
func head(path string, n int64) ([]byte, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errGone
	}
	if err != nil {
		return nil, fmt.Errorf("read upload: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	return io.ReadAll(io.LimitReader(file, n))
}
