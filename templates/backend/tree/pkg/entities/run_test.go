package entities_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"example.com/practice/pkg/entities"
	"example.com/practice/pkg/protos"
)

// A client must be able to tell a field that is not set from one that is empty.
func TestRunLeavesOutWhatIsNotSet(t *testing.T) {
	t.Parallel()

	run := entities.Run{
		Info: &entities.RunInfo{RunID: "1", Status: "RUNNING"},
		Data: &entities.RunData{Tags: []*entities.RunTag{{Key: "a", Value: ""}}},
	}.ToProto()

	assert.Equal(t, "1", run.GetInfo().GetRunUuid())
	assert.Equal(t, protos.RunStatus_RUNNING, run.GetInfo().GetStatus())
	assert.Nil(t, run.GetInfo().EndTime)
	assert.Nil(t, run.GetInfo().ArtifactUri)
	assert.Nil(t, run.GetInputs())
	assert.NotNil(t, run.GetData().GetTags()[0].Value)
}
