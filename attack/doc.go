// Package attack is the standing attack suite: a guest, a rep, another rep, a
// manager, another manager, finance, an administrator and the superuser try every
// route, collection, action, file and stream of a real HTTP server, and some try
// to take it from all others by its loads. What there is to try is read from what
// is registered; who may what is said by hand, in testdata and in the table of the
// access matrix (hooks/testdata/access.txt). What is registered and not said of
// fails the suite.
//
// The matrix proves what the rules of a collection let each role do. Here each
// row of somebody bears a mark, and no answer of any kind may show a mark to who
// may not read its row: that is the oracle of every cell.
package attack
