// Package contract is what services promise to those who call them, over HTTP or from Python.
package contract

import (
	"encoding/json"
	"fmt"
	"net/http"

	"example.com/practice/pkg/protos"
)

// Error is the only error that a service or a store returns. Clients see its code and message;
// the inner error is for the log.
type Error struct {
	Code    protos.ErrorCode
	Message string
	Inner   error
}

// NewError makes an error for something the client did.
func NewError(code protos.ErrorCode, message string) *Error {
	return NewErrorWith(code, message, nil)
}

// NewErrorWith makes an error that was caused by another.
func NewErrorWith(code protos.ErrorCode, message string, err error) *Error {
	return &Error{Code: code, Message: message, Inner: err}
}

func (e *Error) Error() string {
	if e.Inner != nil {
		return fmt.Sprintf("[%s] %s: %s", e.Code, e.Message, e.Inner)
	}

	return fmt.Sprintf("[%s] %s", e.Code, e.Message)
}

func (e *Error) Unwrap() error {
	return e.Inner
}

// MarshalJSON writes the error as MLflow's clients expect it.
func (e *Error) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"error_code": e.Code.String(), "message": e.Message})
}

// StatusCode is the HTTP status that MLflow gives to the code.
func (e *Error) StatusCode() int {
	if status, ok := statusCodes[e.Code]; ok {
		return status
	}

	return http.StatusInternalServerError
}

var statusCodes = map[protos.ErrorCode]int{
	protos.ErrorCode_BAD_REQUEST:             http.StatusBadRequest,
	protos.ErrorCode_INVALID_PARAMETER_VALUE: http.StatusBadRequest,
	protos.ErrorCode_RESOURCE_ALREADY_EXISTS: http.StatusBadRequest,
	protos.ErrorCode_CUSTOMER_UNAUTHORIZED:   http.StatusUnauthorized,
	protos.ErrorCode_UNAUTHENTICATED:         http.StatusUnauthorized,
	protos.ErrorCode_PERMISSION_DENIED:       http.StatusForbidden,
	protos.ErrorCode_ENDPOINT_NOT_FOUND:      http.StatusNotFound,
	protos.ErrorCode_NOT_FOUND:               http.StatusNotFound,
	protos.ErrorCode_RESOURCE_DOES_NOT_EXIST: http.StatusNotFound,
	protos.ErrorCode_ABORTED:                 http.StatusConflict,
	protos.ErrorCode_ALREADY_EXISTS:          http.StatusConflict,
	protos.ErrorCode_RESOURCE_CONFLICT:       http.StatusConflict,
	protos.ErrorCode_REQUEST_LIMIT_EXCEEDED:  http.StatusTooManyRequests,
	protos.ErrorCode_RESOURCE_EXHAUSTED:      http.StatusTooManyRequests,
	protos.ErrorCode_CANCELLED:               499, // a code of nginx, which net/http does not name
	protos.ErrorCode_NOT_IMPLEMENTED:         http.StatusNotImplemented,
	protos.ErrorCode_TEMPORARILY_UNAVAILABLE: http.StatusServiceUnavailable,
	protos.ErrorCode_DEADLINE_EXCEEDED:       http.StatusGatewayTimeout,
}
