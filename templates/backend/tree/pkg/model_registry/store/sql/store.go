// Package sql keeps registered models in the tables of MLflow's own store.
package sql

import (
	"gorm.io/gorm"

	"example.com/practice/pkg/config"
	"example.com/practice/pkg/sql"
)

// ModelRegistrySQLStore is a store.ModelRegistryStore.
type ModelRegistrySQLStore struct {
	config *config.Config
	db     *gorm.DB
}

// NewModelRegistrySQLStore opens the database.
func NewModelRegistrySQLStore(config *config.Config) (*ModelRegistrySQLStore, error) {
	database, err := sql.NewDatabase(config.ModelRegistryStoreURI)
	if err != nil {
		return nil, err
	}

	return &ModelRegistrySQLStore{config: config, db: database}, nil
}
