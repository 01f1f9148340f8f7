// Package appraisal holds the rules of appraisals (chapter six of the policy): schemes as
// data with their checks and differences in words, and the evaluation of one person's
// facts by a scheme, in decimals, with a trace that says how every number came about.
package appraisal
