// Package formula is the language in which people write rules: arithmetic of decimals and
// comparisons over names, with a closed list of functions. It is CEL with a number type
// of its own: nothing in it loops, reads a clock or is a binary float. A formula is
// compiled and checked when it is saved; what is wrong is a problem with line and column.
package formula
