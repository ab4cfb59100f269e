package service_test

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"

	"example.com/practice/pkg/protos"
	"example.com/practice/pkg/tracking/service"
	"example.com/practice/pkg/tracking/store"
	"example.com/practice/pkg/utils"
)

// A client may run in another folder than the server, so a relative path must not be stored.
func TestCreateExperimentResolvesArtifactLocation(t *testing.T) {
	t.Parallel()

	folder, err := os.Getwd()
	require.NoError(t, err)

	mockStore := store.NewMockTrackingStore(t)
	mockStore.EXPECT().
		CreateExperiment(mock.Anything, "name", folder+"/mlruns", mock.Anything).
		Return("1", nil)

	response, cErr := service.TrackingService{Store: mockStore}.CreateExperiment(
		context.Background(),
		&protos.CreateExperiment{Name: utils.PtrTo("name"), ArtifactLocation: utils.PtrTo("mlruns")},
	)
	require.Nil(t, cErr)
	assert.Equal(t, "1", response.GetExperimentId())
}
