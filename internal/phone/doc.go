// Package phone is the reference client of the public HTTP API: a phone with
// its own SQLite store and outbox that works for weeks without a network.
//
// Everything a person does becomes a numbered mutation in the outbox and shows
// at once: what he reads is the rows of the last pull with the outbox laid over
// them. A mutation leaves the overlay only in the local transaction that stores
// a pull at or after its verdict's seq, or that stores its rejection.
//
// Time, randomness and the network come from outside.
package phone
