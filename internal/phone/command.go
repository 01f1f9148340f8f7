package phone

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"
)

// Command runs the reference phone against any server, by a script.
func Command() *cobra.Command {
	var server, email, password, file, store string
	cmd := &cobra.Command{
		Use:          "phone",
		Short:        "Runs the reference phone against a server, by a script",
		Long:         "Runs the reference phone against a server, by a script.\n\nLines of a script:\n" + ScriptHelp,
		SilenceUsage: true,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if password == "" {
				password = os.Getenv("SATCHEL_PASSWORD")
			}
			if server == "" || email == "" || password == "" || file == "" {
				return errors.New("--server, --email, --script and a password (--password or SATCHEL_PASSWORD) are needed")
			}
			script, err := os.Open(file)
			if err != nil {
				return fmt.Errorf("open the script: %w", err)
			}
			defer script.Close() //nolint:errcheck // it is only read
			s, err := OpenStore(store)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, s.Close()) }()
			network := &Network{Next: http.DefaultTransport}
			began := time.Now()
			boot := fmt.Sprintf("%016x", rand.Uint64()) // of the process, which stands for the device
			phone := New(Config{
				Server: server, Transport: network, Now: time.Now, Uptime: func() (string, time.Duration) { return boot, time.Since(began) },
				Rand: rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())), Platform: "script", App: "satchel phone",
			}, s)
			if err := phone.Login(cmd.Context(), email, password); err != nil {
				return err
			}
			return Run(cmd.Context(), phone, network, script, cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&server, "server", "", "address of the server, e.g. http://127.0.0.1:8090")
	cmd.Flags().StringVar(&email, "email", "", "who signs in")
	cmd.Flags().StringVar(&password, "password", "", "his password; else SATCHEL_PASSWORD")
	cmd.Flags().StringVar(&file, "script", "", "the file with the lines to run")
	cmd.Flags().StringVar(&store, "store", "", "file of the phone's database; in memory if empty")
	return cmd
}
