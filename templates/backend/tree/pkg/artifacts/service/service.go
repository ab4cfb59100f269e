// Package service answers requests about artifacts. So far it answers none.
package service

import "example.com/practice/pkg/config"

// ArtifactsService implements the generated interface of this name.
type ArtifactsService struct {
	config *config.Config
}

// NewArtifactsService makes a service. Artifacts have no store: they are files.
func NewArtifactsService(config *config.Config) (*ArtifactsService, error) {
	return &ArtifactsService{config: config}, nil
}
