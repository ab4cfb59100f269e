package main

import "C"

import (
	"context"
	"encoding/json"
	"sync"
	"unsafe"

	"google.golang.org/protobuf/proto"

	"example.com/practice/pkg/contract"
	"example.com/practice/pkg/protos"
	"example.com/practice/pkg/validation"
)

// Making a validator is slow, and it remembers what it learns of each message.
var getValidator = sync.OnceValues(validation.NewValidator)

// invokeServiceMethod is what every generated export does: it reads a serialized request, calls
// the service and returns a serialized response.
func invokeServiceMethod[I, O proto.Message](
	method func(context.Context, I) (O, *contract.Error),
	request I,
	requestData unsafe.Pointer,
	requestSize C.int,
	responseSize *C.int,
) unsafe.Pointer {
	if err := proto.Unmarshal(C.GoBytes(requestData, requestSize), request); err != nil {
		return makePointerFromError(
			contract.NewErrorWith(protos.ErrorCode_BAD_REQUEST, err.Error(), err), responseSize,
		)
	}

	validate, err := getValidator()
	if err != nil {
		return makePointerFromError(
			contract.NewErrorWith(protos.ErrorCode_INTERNAL_ERROR, err.Error(), err), responseSize,
		)
	}

	if err := validate.Struct(request); err != nil {
		return makePointerFromError(validation.NewErrorFromValidationError(err), responseSize)
	}

	response, cErr := method(context.Background(), request)
	if cErr != nil {
		return makePointerFromError(cErr, responseSize)
	}

	data, err := proto.Marshal(response)
	if err != nil {
		return makePointerFromError(
			contract.NewErrorWith(protos.ErrorCode_INTERNAL_ERROR, err.Error(), err), responseSize,
		)
	}

	*responseSize = C.int(len(data))

	return C.CBytes(data)
}

// makePointerFromError returns an error as JSON, and tells it from a response by a negative size.
// The caller frees what it gets in both cases.
func makePointerFromError(err *contract.Error, responseSize *C.int) unsafe.Pointer {
	logError(err)

	data, _ := json.Marshal(err) // two strings: cannot fail
	*responseSize = -C.int(len(data))

	return C.CBytes(data)
}
