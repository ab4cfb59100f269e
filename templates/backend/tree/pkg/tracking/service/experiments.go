package service

import (
	"context"

	"example.com/practice/pkg/contract"
	"example.com/practice/pkg/entities"
	"example.com/practice/pkg/protos"
	"example.com/practice/pkg/utils"
)

// CreateExperiment implements TrackingService.
func (ts TrackingService) CreateExperiment(
	ctx context.Context, input *protos.CreateExperiment,
) (*protos.CreateExperiment_Response, *contract.Error) {
	artifactLocation, err := utils.ResolveURIIfLocal(input.GetArtifactLocation())
	if err != nil {
		return nil, contract.NewErrorWith(
			protos.ErrorCode_INTERNAL_ERROR, "failed to resolve artifact location", err,
		)
	}

	tags := make([]*entities.ExperimentTag, 0, len(input.GetTags()))
	for _, tag := range input.GetTags() {
		tags = append(tags, entities.NewExperimentTagFromProto(tag))
	}

	experimentID, cErr := ts.Store.CreateExperiment(ctx, input.GetName(), artifactLocation, tags)
	if cErr != nil {
		return nil, cErr
	}

	return &protos.CreateExperiment_Response{ExperimentId: &experimentID}, nil
}

// GetExperiment implements TrackingService.
func (ts TrackingService) GetExperiment(
	ctx context.Context, input *protos.GetExperiment,
) (*protos.GetExperiment_Response, *contract.Error) {
	experiment, err := ts.Store.GetExperiment(ctx, input.GetExperimentId())
	if err != nil {
		return nil, err
	}

	return &protos.GetExperiment_Response{Experiment: experiment.ToProto()}, nil
}
