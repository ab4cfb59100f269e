// Package service answers requests about registered models.
package service

import (
	"fmt"

	"example.com/practice/pkg/config"
	"example.com/practice/pkg/model_registry/store"
	"example.com/practice/pkg/model_registry/store/sql"
)

// ModelRegistryService implements the generated interface of this name.
type ModelRegistryService struct {
	config *config.Config
	store  store.ModelRegistryStore
}

// NewModelRegistryService makes a service on a database.
func NewModelRegistryService(config *config.Config) (*ModelRegistryService, error) {
	store, err := sql.NewModelRegistrySQLStore(config)
	if err != nil {
		return nil, fmt.Errorf("failed to create model registry store: %w", err)
	}

	return &ModelRegistryService{config: config, store: store}, nil
}
