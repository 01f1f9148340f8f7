package uploads

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"satchel/domain"
	"satchel/hooks/gate"
	"satchel/media"
)

// develop brings one row of the queue to its end: stored with its copies, or
// rejected with a code and the bytes kept, or pending again if they are not here.
// Files are written outside of any transaction, and before the row names them.
func (s *Service) develop(ctx context.Context, app core.App, id string) error {
	rec, err := app.FindRecordById(blobsCollection, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // it was deleted; what it left on the disk is swept
	}
	if err != nil {
		return fmt.Errorf("find blob: %w", err)
	}
	row := blob{rec}
	if row.state() != received {
		return nil
	}
	shelf, err := openShelf(ctx, app)
	if err != nil {
		return err
	}
	defer shelf.close()

	path, done, err := s.source(shelf, row)
	if errors.Is(err, errGone) {
		return s.conclude(ctx, app, id, blob.await)
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
	names := map[string]string{fieldOriginal: row.originalName(made.mime)}
	if row.original() != "" {
		names[fieldOriginal] = row.original()
	} else if err := shelf.putFile(path, row.BaseFilesPath()+"/"+names[fieldOriginal]); err != nil {
		return err
	}
	for field, content := range made.copies() {
		names[field] = row.copyName(field, content)
		if err := shelf.put(content, row.BaseFilesPath()+"/"+names[field]); err != nil {
			return err
		}
	}
	if err := shelf.sync(); err != nil {
		return err
	}
	err = s.conclude(ctx, app, id, func(row blob) {
		if refused {
			row.Set(fieldOriginal, names[fieldOriginal])
			row.reject(refusal.Code)
			return
		}
		row.keep(shelf.state(), made.mime, names, made.Facts, s.cfg.Now())
	})
	if errors.Is(err, sql.ErrNoRows) {
		return errors.Join(shelf.DeletePrefix(row.BaseFilesPath() + "/")...)
	}
	if err != nil {
		return err
	}
	// The row says how it ended; files that stay behind are swept.
	if failed := s.remove(id); failed != nil {
		app.Logger().Warn("finished upload stays on disk", "blob", id, "error", failed)
	}
	return nil
}

// conclude writes what a row came to, unless it has left the queue meanwhile.
// The names of the files are set without PocketBase's check, which knows only
// files that it wrote itself, inside of the transaction.
func (s *Service) conclude(ctx context.Context, app core.App, id string, write func(blob)) error {
	return app.RunInTransaction(func(tx core.App) error {
		row, err := settle(tx, id, received)
		if err != nil || row.Record == nil {
			return err
		}
		write(row)
		if err := tx.SaveNoValidateWithContext(gate.AsServer(context.WithoutCancel(ctx)), row.Record); err != nil {
			return fmt.Errorf("conclude blob %s: %w", id, err)
		}
		return nil
	})
}

// source gives the verified bytes as a file: what was uploaded, or the stored
// original of a row that is developed again. errGone if there are none.
func (s *Service) source(shelf *shelf, row blob) (path string, done func(), err error) {
	path, done = s.path(row.Id), func() {}
	if row.original() != "" {
		path = s.path(row.Id) + againSuffix
		done = func() { _ = os.Remove(path) } // if it stays it is swept
		err = shelf.fetch(row.BaseFilesPath()+"/"+row.original(), path)
		if errors.Is(err, filesystem.ErrNotFound) {
			err = errGone
		}
	}
	var hash string
	if err == nil {
		hash, err = fingerprint(path)
	}
	if err == nil && hash != row.sha256() {
		err = errGone
		if row.original() == "" {
			err = errors.Join(errGone, s.remove(row.Id)) // a power cut mangled it
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
	return map[string][]byte{fieldPublic: m.Public, fieldThumb: m.Thumb, fieldTiny: m.Tiny}
}

// make tells the type by content, and develops what is a picture.
func (s *Service) make(ctx context.Context, app core.App, row blob, path string) (made, error) {
	mime, err := contentType(path)
	if err != nil {
		return made{}, err
	}
	out := made{mime: mime}
	if err := domain.BlobType(row.purpose(), mime); err != nil {
		return out, err
	}
	if !domain.IsPhotoType(mime) {
		return out, nil
	}
	want := media.Want{Limits: media.PhotoLimits}
	if want.Limits.Bytes, err = maxBytes(app, row.purpose()); err != nil {
		return out, err
	}
	if s.cfg.Watermark != nil {
		if want.Watermark, err = s.cfg.Watermark(app, row.Record); err != nil {
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
