package generate

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"
)

// An MLflow wheel has no .proto files, but each of its *_pb2.py modules holds the compiled file
// as a Python bytes literal. A module may hold it twice, for two versions of protobuf: the bytes
// are the same, so the first will do.
var serializedFile = regexp.MustCompile(`AddSerializedFile\(b'((?:[^'\\]|\\.)*)'\)`)

// ReadDescriptors reads the descriptors of protoFiles from MLflow's Python modules in protoFolder.
func ReadDescriptors(protoFolder string) (*descriptorpb.FileDescriptorSet, error) {
	// MLflow's options extend Google's descriptor.proto, so that one has to be in the set.
	google := protodesc.ToFileDescriptorProto(descriptorpb.File_google_protobuf_descriptor_proto)
	set := &descriptorpb.FileDescriptorSet{File: []*descriptorpb.FileDescriptorProto{google}}

	for _, protoFile := range protoFiles {
		module := strings.TrimSuffix(protoFile.name, ".proto") + "_pb2.py"

		source, err := os.ReadFile(filepath.Join(protoFolder, module))
		if err != nil {
			return nil, fmt.Errorf("failed to read descriptor: %w", err)
		}

		literal := serializedFile.FindSubmatch(source)
		if literal == nil {
			return nil, fmt.Errorf("no serialized descriptor in %s", module)
		}

		descriptor := &descriptorpb.FileDescriptorProto{}
		if err := proto.Unmarshal(unquotePython(literal[1]), descriptor); err != nil {
			return nil, fmt.Errorf("failed to parse descriptor in %s: %w", module, err)
		}

		set.File = append(set.File, descriptor)
	}

	return set, nil
}

var pythonEscape = regexp.MustCompile(`\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|.)`)

// unquotePython resolves the escapes of a Python bytes literal.
func unquotePython(literal []byte) []byte {
	return pythonEscape.ReplaceAllFunc(literal, func(escape []byte) []byte {
		code := string(escape[1:])
		if at := bytes.IndexByte([]byte(`abfnrtv\'"`), escape[1]); at >= 0 {
			return []byte{"\a\b\f\n\r\t\v\\'\""[at]}
		}

		base := 8
		if code[0] == 'x' {
			base, code = 16, code[1:]
		}

		value, err := strconv.ParseUint(code, base, 8)
		if err != nil {
			return escape // Python too leaves an escape that it does not know
		}

		return []byte{byte(value)}
	})
}
