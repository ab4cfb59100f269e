package service

import (
	"context"

	"example.com/practice/pkg/contract"
	"example.com/practice/pkg/entities"
	"example.com/practice/pkg/protos"
)

// CreateRegisteredModel implements ModelRegistryService.
func (m *ModelRegistryService) CreateRegisteredModel(
	ctx context.Context, input *protos.CreateRegisteredModel,
) (*protos.CreateRegisteredModel_Response, *contract.Error) {
	tags := make([]*entities.RegisteredModelTag, 0, len(input.GetTags()))
	for _, tag := range input.GetTags() {
		tags = append(tags, entities.NewRegisteredModelTagFromProto(tag))
	}

	registeredModel, err := m.store.CreateRegisteredModel(ctx, input.GetName(), tags, input.GetDescription())
	if err != nil {
		return nil, err
	}

	return &protos.CreateRegisteredModel_Response{RegisteredModel: registeredModel.ToProto()}, nil
}

// GetRegisteredModel implements ModelRegistryService.
func (m *ModelRegistryService) GetRegisteredModel(
	ctx context.Context, input *protos.GetRegisteredModel,
) (*protos.GetRegisteredModel_Response, *contract.Error) {
	registeredModel, err := m.store.GetRegisteredModel(ctx, input.GetName())
	if err != nil {
		return nil, err
	}

	return &protos.GetRegisteredModel_Response{RegisteredModel: registeredModel.ToProto()}, nil
}
