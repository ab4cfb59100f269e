package generate

import (
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"

	"google.golang.org/protobuf/proto"
)

// Module is the name in go.mod.
const Module = "example.com/practice"

// protoFiles are the files that MLflow's services need, each after those it imports.
var protoFiles = []struct{ name, goFolder string }{
	{"scalapb/scalapb.proto", "pkg/protos/scalapb"},
	{"databricks.proto", "pkg/protos"},
	{"service.proto", "pkg/protos"},
	{"model_registry.proto", "pkg/protos"},
	{"mlflow_artifacts.proto", "pkg/protos/artifacts"},
}

// RunProtoc writes pkg/protos.
func RunProtoc(protoFolder string) error {
	set, err := ReadDescriptors(protoFolder)
	if err != nil {
		return err
	}

	content, err := proto.Marshal(set)
	if err != nil {
		return fmt.Errorf("failed to serialize descriptors: %w", err)
	}

	folder, err := os.MkdirTemp("", "descriptors")
	if err != nil {
		return fmt.Errorf("failed to create a folder: %w", err)
	}
	defer os.RemoveAll(folder)

	file := filepath.Join(folder, "descriptors.binpb")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		return fmt.Errorf("failed to write descriptors: %w", err)
	}

	arguments := []string{"--descriptor_set_in=" + file, "--go_out=.", "--go_opt=module=" + Module}
	for _, protoFile := range protoFiles {
		goPackage := path.Join(Module, protoFile.goFolder)
		arguments = append(arguments, fmt.Sprintf("--go_opt=M%s=%s", protoFile.name, goPackage), protoFile.name)
	}

	if output, err := exec.Command("protoc", arguments...).CombinedOutput(); err != nil {
		return fmt.Errorf("protoc failed: %w\n%s", err, output)
	}

	return nil
}
