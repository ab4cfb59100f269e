package service

import (
	"context"

	"example.com/practice/pkg/contract"
	"example.com/practice/pkg/protos"
)

// SetTag implements TrackingService.
func (ts TrackingService) SetTag(
	ctx context.Context, input *protos.SetTag,
) (*protos.SetTag_Response, *contract.Error) {
	if err := ts.Store.SetTag(ctx, input.GetRunId(), input.GetKey(), input.GetValue()); err != nil {
		return nil, err
	}

	return &protos.SetTag_Response{}, nil
}
