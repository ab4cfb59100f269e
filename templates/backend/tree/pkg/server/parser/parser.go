// Package parser reads requests from HTTP, with the errors of MLflow's Python handlers.
package parser

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/go-playground/validator/v10"
	"github.com/gofiber/fiber/v2"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"example.com/practice/pkg/contract"
	"example.com/practice/pkg/protos"
	"example.com/practice/pkg/validation"
)

const apiDocs = " See the API docs for more information about request parameters."

// HTTPRequestParser reads and validates requests.
type HTTPRequestParser struct {
	validator *validator.Validate
}

// NewHTTPRequestParser makes a parser that serves all routes.
func NewHTTPRequestParser() (*HTTPRequestParser, error) {
	validator, err := validation.NewValidator()
	if err != nil {
		return nil, err
	}

	return &HTTPRequestParser{validator: validator}, nil
}

// ParseBody reads input from JSON.
func (p *HTTPRequestParser) ParseBody(ctx *fiber.Ctx, input proto.Message) *contract.Error {
	if err := checkContentType(ctx); err != nil {
		return err
	}

	body := ctx.Body()
	if !json.Valid(body) {
		body = []byte("{}") // Python takes it for an empty request
	}

	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(body, input); err != nil {
		if typeError := findTypeError(body, input.ProtoReflect().Descriptor()); typeError != nil {
			return typeError
		}

		return contract.NewError(protos.ErrorCode_BAD_REQUEST, err.Error())
	}

	return p.finish(ctx, input)
}

// ParseQuery reads input from the query string, by the query tags that the generator adds.
func (p *HTTPRequestParser) ParseQuery(ctx *fiber.Ctx, input proto.Message) *contract.Error {
	if err := ctx.QueryParser(input); err != nil {
		return contract.NewError(protos.ErrorCode_BAD_REQUEST, err.Error())
	}

	return p.finish(ctx, input)
}

func checkContentType(ctx *fiber.Ctx) *contract.Error {
	contentType, _, _ := strings.Cut(ctx.Get(fiber.HeaderContentType), ";")

	switch {
	case ctx.Method() != fiber.MethodPost && ctx.Method() != fiber.MethodPut:
		return nil // where the body is optional Python does not ask
	case contentType == "":
		return contract.NewError(
			protos.ErrorCode_INVALID_PARAMETER_VALUE, "Bad Request. Content-Type header is missing.",
		)
	case contentType != fiber.MIMEApplicationJSON:
		return contract.NewError(
			protos.ErrorCode_INVALID_PARAMETER_VALUE,
			"Bad Request. Content-Type must be one of ['application/json'].",
		)
	}

	return nil
}

// finish reads what stands in the path, and validates.
func (p *HTTPRequestParser) finish(ctx *fiber.Ctx, input proto.Message) *contract.Error {
	message := input.ProtoReflect()
	for name, value := range ctx.AllParams() {
		if field := message.Descriptor().Fields().ByName(protoreflect.Name(name)); field != nil {
			message.Set(field, protoreflect.ValueOfString(value))
		}
	}

	err := p.validator.Struct(input)
	if err == nil {
		return nil
	}

	if name, ok := validation.MissingParameter(err); ok {
		return contract.NewError(
			protos.ErrorCode_INVALID_PARAMETER_VALUE,
			fmt.Sprintf("Missing value for required parameter '%s'.", name)+apiDocs,
		)
	}

	return validation.NewErrorFromValidationError(err)
}
