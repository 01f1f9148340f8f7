// Package torture plays the built server and reference phones as processes of
// their own against each other: through proxies that drop, delay, cut and
// repeat, with accounts that change hands, a server that is killed and, if
// asked for, an older copy put back in its place. When the faults stop, every
// phone must show what REST shows its user, and every mutation in its journal
// must be in the data once or have a stored verdict.
//
// A seed replays all choices: what a phone enters, what a proxy does to its
// next request, when the axe falls. It does not replay the timing of processes.
package torture
