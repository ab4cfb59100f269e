package generate

import (
	"fmt"
	"regexp"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// Service is one of MLflow's services.
type Service struct {
	Name    string
	Methods []Method
}

// Method is an endpoint: Name as the proto writes it, GoName as Go does.
type Method struct {
	Name, GoName           string
	Package, Input, Output string
	Routes                 []Route
}

// Route is one of the ways to call an endpoint over HTTP.
type Route struct{ Verb, Path string }

// ReadServices reads the services with their endpoints, in the order of the proto files.
func ReadServices(protoFolder string) ([]Service, error) {
	set, err := ReadDescriptors(protoFolder)
	if err != nil {
		return nil, err
	}

	files, err := protodesc.NewFiles(set)
	if err != nil {
		return nil, fmt.Errorf("failed to link descriptors: %w", err)
	}

	// The routes are in an option that MLflow defines itself.
	types := dynamicpb.NewTypes(files)

	rpcOption, err := types.FindExtensionByName("mlflow.rpc")
	if err != nil {
		return nil, fmt.Errorf("failed to find the option with the routes: %w", err)
	}

	var services []Service

	for _, protoFile := range protoFiles {
		file, err := files.FindFileByPath(protoFile.name)
		if err != nil {
			return nil, fmt.Errorf("failed to find %s: %w", protoFile.name, err)
		}

		folders := strings.Split(protoFile.goFolder, "/")
		goPackage := folders[len(folders)-1]

		for i := range file.Services().Len() {
			descriptor := file.Services().Get(i)
			service := Service{Name: string(descriptor.Name())}

			for j := range descriptor.Methods().Len() {
				method := newMethod(descriptor.Methods().Get(j), goPackage)
				if method.Routes, err = readRoutes(descriptor.Methods().Get(j), rpcOption, types); err != nil {
					return nil, err
				}

				service.Methods = append(service.Methods, method)
			}

			services = append(services, service)
		}
	}

	return services, nil
}

func newMethod(descriptor protoreflect.MethodDescriptor, goPackage string) Method {
	name := string(descriptor.Name())
	input := string(descriptor.Input().Name())

	return Method{
		Name:    name,
		GoName:  strings.ToUpper(name[:1]) + name[1:],
		Package: goPackage,
		Input:   input,
		Output:  input + "_" + string(descriptor.Output().Name()),
	}
}

func readRoutes(
	method protoreflect.MethodDescriptor, option protoreflect.ExtensionType, types *dynamicpb.Types,
) ([]Route, error) {
	// An option that was unknown when the file was read is kept as bytes: read it again.
	content, err := proto.Marshal(method.Options())
	if err != nil {
		return nil, fmt.Errorf("failed to serialize options of %s: %w", method.Name(), err)
	}

	options := method.Options().ProtoReflect().New()
	if err := (proto.UnmarshalOptions{Resolver: types}).Unmarshal(content, options.Interface()); err != nil {
		return nil, fmt.Errorf("failed to parse options of %s: %w", method.Name(), err)
	}

	rpc := options.Get(option.TypeDescriptor()).Message()
	endpoints := rpc.Get(rpc.Descriptor().Fields().ByName("endpoints")).List()
	routes := make([]Route, 0, endpoints.Len())

	for i := range endpoints.Len() {
		endpoint := endpoints.Get(i).Message()
		fields := endpoint.Descriptor().Fields()
		verb := endpoint.Get(fields.ByName("method")).String()
		path := endpoint.Get(fields.ByName("path")).String()
		routes = append(routes, Route{
			Verb: verb[:1] + strings.ToLower(verb[1:]),
			Path: fiberPath(path),
		})
	}

	return routes, nil
}

var (
	parameter     = regexp.MustCompile(`{(\w+)}`)
	pathParameter = regexp.MustCompile(`<path:\w+>`)
)

// fiberPath writes {name} as :name, and <path:name>, which spans slashes, as +.
func fiberPath(path string) string {
	return pathParameter.ReplaceAllString(parameter.ReplaceAllString(path, ":$1"), "+")
}
