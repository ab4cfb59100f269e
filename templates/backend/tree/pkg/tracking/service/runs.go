package service

import (
	"context"

	"example.com/practice/pkg/contract"
	"example.com/practice/pkg/entities"
	"example.com/practice/pkg/protos"
)

// CreateRun implements TrackingService.
func (ts TrackingService) CreateRun(
	ctx context.Context, input *protos.CreateRun,
) (*protos.CreateRun_Response, *contract.Error) {
	tags := make([]*entities.RunTag, 0, len(input.GetTags()))
	for _, tag := range input.GetTags() {
		tags = append(tags, entities.NewRunTagFromProto(tag))
	}

	run, err := ts.Store.CreateRun(
		ctx,
		input.GetExperimentId(),
		input.GetUserId(),
		input.GetStartTime(),
		tags,
		input.GetRunName(),
	)
	if err != nil {
		return nil, err
	}

	return &protos.CreateRun_Response{Run: run.ToProto()}, nil
}

// GetRun implements TrackingService.
func (ts TrackingService) GetRun(
	ctx context.Context, input *protos.GetRun,
) (*protos.GetRun_Response, *contract.Error) {
	run, err := ts.Store.GetRun(ctx, input.GetRunId())
	if err != nil {
		return nil, err
	}

	return &protos.GetRun_Response{Run: run.ToProto()}, nil
}
