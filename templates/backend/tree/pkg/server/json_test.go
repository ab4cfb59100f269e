package server

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"example.com/practice/pkg/entities"
)

func TestJSONIsLikePythons(t *testing.T) {
	t.Parallel()

	content, err := encodeJSON(entities.RunData{
		Metrics: []*entities.Metric{{Key: "loss", Value: 0.5, Timestamp: 1 << 60}},
	}.ToProto())
	require.NoError(t, err)
	assert.Equal(
		t, `{"metrics":[{"key":"loss","step":0,"timestamp":1152921504606846976,"value":0.5}]}`, string(content),
	)
}
