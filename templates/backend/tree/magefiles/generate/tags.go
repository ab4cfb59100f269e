package generate

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

var jsonTag = regexp.MustCompile(`json:"([^",]+)`)

// AddTags gives the fields in pkg/protos a query tag, by which fiber reads a query string, and a
// validate tag where validations.go has a rule.
func AddTags(protosFolder string) error {
	err := filepath.WalkDir(protosFolder, func(file string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(file, ".pb.go") {
			return err
		}

		return addTagsToFile(file)
	})
	if err != nil {
		return fmt.Errorf("failed to add struct tags: %w", err)
	}

	return nil
}

func addTagsToFile(file string) error {
	source, err := os.ReadFile(file)
	if err != nil {
		return err
	}

	files := token.NewFileSet()

	tree, err := parser.ParseFile(files, file, source, parser.SkipObjectResolution)
	if err != nil {
		return err
	}

	var output bytes.Buffer

	done := 0

	ast.Inspect(tree, func(node ast.Node) bool {
		message, isType := node.(*ast.TypeSpec)
		if !isType {
			return true
		}

		structType, isStruct := message.Type.(*ast.StructType)
		if !isStruct {
			return false
		}

		for _, field := range structType.Fields.List {
			if field.Tag == nil {
				continue
			}

			// The new tags go before the backtick that closes the old ones.
			end := files.Position(field.Tag.End()).Offset - 1
			output.Write(source[done:end])
			output.WriteString(newTags(message.Name.Name+"_"+field.Names[0].Name, field.Tag.Value))

			done = end
		}

		return false
	})

	output.Write(source[done:])

	return os.WriteFile(file, output.Bytes(), 0o600)
}

func newTags(key, tags string) string {
	added := ""
	if name := jsonTag.FindStringSubmatch(tags); name != nil {
		added += fmt.Sprintf(` query:"%s"`, name[1])
	}

	if rule, ok := validations[key]; ok {
		added += fmt.Sprintf(` validate:"%s"`, rule)
	}

	return added
}
