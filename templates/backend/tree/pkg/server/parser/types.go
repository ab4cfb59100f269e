package parser

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"example.com/practice/pkg/contract"
	"example.com/practice/pkg/protos"
)

// findTypeError names the first field whose value has the wrong type, which protojson does not
// tell. Clients know Python's names of the types.
func findTypeError(body []byte, descriptor protoreflect.MessageDescriptor) *contract.Error {
	var values map[string]json.RawMessage
	if err := json.Unmarshal(body, &values); err != nil {
		return nil
	}

	for i := range descriptor.Fields().Len() {
		field := descriptor.Fields().Get(i)
		name := string(field.Name())

		value, given := values[name]
		if !given || fits(field, value) {
			continue
		}

		var compact bytes.Buffer

		_ = json.Compact(&compact, value) // it was valid above

		return contract.NewError(
			protos.ErrorCode_INVALID_PARAMETER_VALUE,
			fmt.Sprintf(
				"Invalid value %s for parameter '%s' supplied:  Hint: Value was of type '%s'.",
				compact.String(), name, pythonType(value),
			)+apiDocs,
		)
	}

	return nil
}

func fits(field protoreflect.FieldDescriptor, value json.RawMessage) bool {
	valueType := pythonType(value)

	switch {
	case valueType == "NoneType":
		return true
	case field.IsList():
		return valueType == "list"
	case field.Kind() == protoreflect.StringKind:
		return valueType == "str"
	case field.Kind() == protoreflect.Int64Kind:
		// JSON's numbers are too small for some integers, so a string may hold one.
		_, err := strconv.ParseInt(strings.Trim(string(value), `"`), 10, 64)

		return err == nil
	default:
		return true
	}
}

func pythonType(value json.RawMessage) string {
	switch value[0] {
	case '"':
		return "str"
	case '[':
		return "list"
	case '{':
		return "dict"
	case 't', 'f':
		return "bool"
	case 'n':
		return "NoneType"
	}

	if bytes.ContainsAny(value, ".eE") {
		return "float"
	}

	return "int"
}
