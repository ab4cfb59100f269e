// Package utils has what several packages need.
package utils

// PtrTo is for the optional fields of protos, which are pointers.
func PtrTo[T any](value T) *T {
	return &value
}

// NilIfEmpty leaves a field out of an answer where Python leaves it out.
func NilIfEmpty(value string) *string {
	if value == "" {
		return nil
	}

	return &value
}
