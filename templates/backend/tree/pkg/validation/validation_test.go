package validation_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	"example.com/practice/pkg/protos"
	"example.com/practice/pkg/utils"
	"example.com/practice/pkg/validation"
)

func setTag(key, value string) *protos.SetTag {
	return &protos.SetTag{RunId: utils.PtrTo("1"), Key: &key, Value: &value}
}

func createExperiment(name, artifactLocation string) *protos.CreateExperiment {
	return &protos.CreateExperiment{Name: &name, ArtifactLocation: &artifactLocation}
}

// The texts are what MLflow's Python says.
func TestRules(t *testing.T) {
	t.Parallel()

	const names = "Invalid value \"a!b\" for parameter 'key' supplied: Names may only contain alphanumerics, " +
		"underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/)."

	const paths = "Invalid value \"a/../b\" for parameter 'key' supplied: Names may be treated as files in " +
		"certain cases, and must not resolve to other names when treated as such. This name would resolve to 'b'"

	long := strings.Repeat("k", 251)

	for name, test := range map[string]struct {
		request  proto.Message
		expected string
	}{
		"fine":       {setTag("a/b.c-d e:f", ""), ""},
		"missing":    {&protos.SetTag{Key: utils.PtrTo("a!b")}, "Missing value for required parameter 'run_id'."},
		"empty":      {setTag("", "value"), "Missing value for required parameter 'key'."},
		"characters": {setTag("a!b", "value"), names},
		"path":       {setTag("a/../b", "value"), paths},
		"length": {
			setTag(long, "value"),
			"Tag key '" + long[:250] + "' had length 251, which exceeded length limit of 250",
		},
		"nested": {
			&protos.CreateRegisteredModel{
				Name: utils.PtrTo("model"),
				Tags: []*protos.RegisteredModelTag{{Key: &long}},
			},
			"Registered model key '" + long[:250] + "' had length 251, which exceeded length limit of 250",
		},
		"no experiment name":   {createExperiment("", ""), "Invalid experiment name: ''"},
		"long experiment name": {createExperiment(long+long, ""), "'name' exceeds the maximum length of 500 characters"},
		"fragment": {
			createExperiment("a", "s3://bucket#fragment"),
			"'artifact_location' URL can't include fragments or params.",
		},
		"query": {createExperiment("a", "s3://bucket?a=%2e%2e"), "Invalid query string"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			validate, err := validation.NewValidator()
			require.NoError(t, err)

			err = validate.Struct(test.request)
			if test.expected == "" {
				require.NoError(t, err)

				return
			}

			assert.Equal(t, test.expected, validation.NewErrorFromValidationError(err).Message)
		})
	}
}

func TestLongValueIsTruncated(t *testing.T) {
	t.Parallel()

	validate, err := validation.NewValidator()
	require.NoError(t, err)

	request := setTag("key", strings.Repeat("é", 8001))
	require.NoError(t, validate.Struct(request))
	assert.Equal(t, strings.Repeat("é", 8000), request.GetValue())
}
