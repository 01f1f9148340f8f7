package backup

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
)

// Commands are `satchel backup` and `satchel restore`. dir returns the data
// directory, PocketBase's --dir.
func Commands(dir func() string) []*cobra.Command {
	return []*cobra.Command{makeCommand(dir), restoreCommand(dir)}
}

const exitHelp = "\n\nExits with 0, or 2 for a wrong path or flag, 3 if the directory is in use, 4 if a copy is damaged,\n" +
	"5 after a restore that was cut off, 1 for anything else."

func makeCommand(dir func() string) *cobra.Command {
	var to string
	var keep int
	cmd := &cobra.Command{
		Use:   "backup",
		Short: "Copies the data directory of a running or stopped server",
		Long: "Copies the data directory of a running or stopped server into a new directory below --to, reads it back and\n" +
			"prints its path. A copy below the directory that the setting " + Offsite + " names lets phones forget what it holds." + exitHelp,
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if to == "" || keep < 0 {
				return fail(ExitUsage, "需要 --to 目录，--keep 不能为负", "--to needs a directory, --keep a number that is not negative")
			}
			c, err := Make(cmd.Context(), Options{Data: dir(), To: to, Keep: keep, Now: time.Now()})
			if err != nil {
				return err
			}
			offsite, err := AdvanceBy(cmd.Context(), dir(), c)
			if err != nil {
				return err
			}
			var bytes int64
			for _, f := range c.Files {
				bytes += f.Size
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\n%d files, %d bytes, head %v, off the machine: %v\n", c.Path, len(c.Files), bytes, c.State["head"], offsite)
			return err
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "the directory that holds the copies")
	cmd.Flags().IntVar(&keep, "keep", 0, "how many copies stay, the new one included; 0 for all")
	return cmd
}

func restoreCommand(dir func() string) *cobra.Command {
	var from string
	cmd := &cobra.Command{
		Use:   "restore",
		Short: "Puts a copy in the place of a stopped server's data directory",
		Long: "Checks a copy against its manifest and puts it in the place of the data directory, which no server may use.\n" +
			"What was there is moved aside inside the directory, never deleted; remove it yourself when you are sure." + exitHelp,
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if from == "" {
				return fail(ExitUsage, "需要 --from 目录", "--from needs a copy")
			}
			r, err := Restore(cmd.Context(), filepath.Clean(from), dir(), time.Now())
			if err != nil {
				return err
			}
			aside := r.Aside
			if aside == "" {
				aside = "-"
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\nmade %s, head %v; the old data: %s\n", dir(), r.Made.Format(time.RFC3339), r.State["head"], aside)
			return err
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "the copy, as backup printed it")
	return cmd
}
