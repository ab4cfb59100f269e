// Package config is what Python tells Go when it makes a service or starts the server.
package config

import (
	"encoding/json"
	"fmt"
)

// Config names databases the way SQLAlchemy does, as Python hands them over unchanged.
type Config struct {
	Address               string `json:"address"`
	DefaultArtifactRoot   string `json:"default_artifact_root"`
	ModelRegistryStoreURI string `json:"model_registry_store_uri"`
	PythonAddress         string `json:"python_address"`
	TrackingStoreURI      string `json:"tracking_store_uri"`
	Version               string `json:"version"`
}

// NewConfigFromBytes reads JSON.
func NewConfigFromBytes(content []byte) (*Config, error) {
	config := &Config{}
	if err := json.Unmarshal(content, config); err != nil {
		return nil, fmt.Errorf("failed to parse config: %w", err)
	}

	return config, nil
}
