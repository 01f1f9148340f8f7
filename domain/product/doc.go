// Package product holds the rules of trainings.
//
//	audience.go    who is invited                        bound in hooks/product/trainings
//	quiz.go        questions, right answers, the score   bound in hooks/product/trainings
//	training.go    the life of a training and of a part in one
package product
