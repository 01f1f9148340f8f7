package syncer

import (
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"github.com/pocketbase/dbx"
)

// DeviceState is what the server has of a device's mutations.
type DeviceState struct {
	HighWater int64 `db:"high_water"` // last number taken
	DurableN  int64 `db:"durable_n"`  // last number that a copy off the machine holds
}

// devices keeps the states of devices that were asked for.
type devices struct {
	mu    sync.Mutex
	known map[string]DeviceState
}

func (d *devices) get(device string) (DeviceState, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, ok := d.known[device]
	return s, ok
}

// learn takes what a snapshot says, unless a later commit was published already.
func (d *devices) learn(device string, s DeviceState) DeviceState {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.known == nil {
		d.known = map[string]DeviceState{}
	}
	if have, ok := d.known[device]; ok {
		s.HighWater, s.DurableN = max(s.HighWater, have.HighWater), max(s.DurableN, have.DurableN)
	}
	d.known[device] = s
	return s
}

// deviceState reads a device's state; zero for one that has pushed nothing.
func (e *Engine) deviceState(tx dbx.Builder, device string) (DeviceState, error) {
	s, err := ReadDevice(tx, device)
	if err != nil {
		return s, err
	}
	return e.devices.learn(device, s), nil
}

// ReadDevice reads a device's state; zero for one that has pushed nothing.
func ReadDevice(tx dbx.Builder, device string) (DeviceState, error) {
	var s DeviceState
	err := tx.NewQuery("SELECT high_water, durable_n FROM _sync_device WHERE device = {:d}").Bind(dbx.Params{"d": device}).One(&s)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return s, fmt.Errorf("read the state of a device: %w", err)
	}
	return s, nil
}

// LearnDurable reads how far copies off the machine reach by now.
func (e *Engine) LearnDurable(tx dbx.Builder) error {
	var rows []struct {
		Device string `db:"device"`
		DeviceState
	}
	if err := tx.NewQuery("SELECT device, high_water, durable_n FROM _sync_device WHERE durable_n > 0").All(&rows); err != nil {
		return fmt.Errorf("read what is durable: %w", err)
	}
	for _, r := range rows {
		if _, known := e.devices.get(r.Device); known {
			e.devices.learn(r.Device, r.DeviceState)
		}
	}
	return nil
}
