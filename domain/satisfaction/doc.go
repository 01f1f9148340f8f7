// Package satisfaction holds the rules of what customers are asked about who serves them
// (policy 6(2), R6.5): the sample, the questions, what answers come to, and from how many on
// it is told. It is bound in hooks/appraisal/satisfaction.
package satisfaction
