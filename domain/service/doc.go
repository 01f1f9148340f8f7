// Package service holds the rules of service to accounts.
//
//	standard.go    what is promised, and from when      bound in hooks/service/quality
//	evaluation.go  how a quarter's promises were kept   bound in hooks/service/quality
package service
