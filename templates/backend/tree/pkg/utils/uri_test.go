package utils_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/practice/pkg/utils"
)

func TestAppendToURIPath(t *testing.T) {
	t.Parallel()

	for uri, expected := range map[string]string{
		"/data":            "/data/1/artifacts",
		"/data/":           "/data/1/artifacts",
		"s3://bucket/root": "s3://bucket/root/1/artifacts",
		"s3://bucket?a=b":  "s3://bucket/1/artifacts?a=b",
		"file:///root":     "file:///root/1/artifacts",
	} {
		assert.Equal(t, expected, utils.AppendToURIPath(uri, "1", "artifacts"))
	}
}

func TestResolveURIIfLocal(t *testing.T) {
	t.Parallel()

	folder, err := os.Getwd()
	require.NoError(t, err)

	for uri, expected := range map[string]string{
		"":             "",
		"mlruns":       folder + "/mlruns",
		"./mlruns":     folder + "/mlruns",
		"file:mlruns":  "file://" + folder + "/mlruns",
		"/root":        "/root",
		"file:///root": "file:///root",
		"s3://bucket":  "s3://bucket",
	} {
		resolved, err := utils.ResolveURIIfLocal(uri)
		require.NoError(t, err)
		assert.Equal(t, expected, resolved)
	}
}
