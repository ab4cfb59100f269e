// Package service answers requests about experiments and runs.
package service

import (
	"fmt"

	"example.com/practice/pkg/config"
	"example.com/practice/pkg/tracking/store"
	"example.com/practice/pkg/tracking/store/sql"
)

// TrackingService implements the generated interface of this name.
type TrackingService struct {
	config *config.Config
	Store  store.TrackingStore
}

// NewTrackingService makes a service on a database.
func NewTrackingService(config *config.Config) (*TrackingService, error) {
	store, err := sql.NewTrackingSQLStore(config)
	if err != nil {
		return nil, fmt.Errorf("failed to create tracking store: %w", err)
	}

	return &TrackingService{config: config, Store: store}, nil
}
