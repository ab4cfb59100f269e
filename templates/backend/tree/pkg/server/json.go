package server

import (
	"encoding/json"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// encodeJSON writes messages as MLflow's Python does: by the names in the protos, and 64-bit
// integers as numbers, where protobuf's own JSON has camel case and strings.
func encodeJSON(value any) ([]byte, error) {
	message, isMessage := value.(proto.Message)
	if !isMessage {
		return json.Marshal(value)
	}

	content, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(message)
	if err != nil {
		return nil, err
	}

	var object map[string]any
	if err := json.Unmarshal(content, &object); err != nil {
		return nil, err
	}

	numberIntegers(message.ProtoReflect().Descriptor(), object)

	return json.Marshal(object)
}

func numberIntegers(descriptor protoreflect.MessageDescriptor, object map[string]any) {
	for name, value := range object {
		field := descriptor.Fields().ByName(protoreflect.Name(name))

		switch value := value.(type) {
		case string:
			if field.Kind() == protoreflect.Int64Kind {
				object[name] = json.Number(value)
			}
		case map[string]any:
			numberIntegers(field.Message(), value)
		case []any:
			for _, element := range value {
				if child, isObject := element.(map[string]any); isObject {
					numberIntegers(field.Message(), child)
				}
			}
		}
	}
}
