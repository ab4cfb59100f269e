// Package store says what the model registry service needs of a store.
package store

import (
	"context"

	"example.com/practice/pkg/contract"
	"example.com/practice/pkg/entities"
)

// ModelRegistryStore keeps registered models and their versions.
type ModelRegistryStore interface {
	CreateRegisteredModel(
		ctx context.Context, name string, tags []*entities.RegisteredModelTag, description string,
	) (*entities.RegisteredModel, *contract.Error)
	// GetRegisteredModel returns the model with its tags, its aliases and its latest versions.
	GetRegisteredModel(ctx context.Context, name string) (*entities.RegisteredModel, *contract.Error)
}
