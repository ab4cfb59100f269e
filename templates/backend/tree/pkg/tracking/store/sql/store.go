// Package sql keeps experiments and runs in the tables of MLflow's own store.
package sql

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"example.com/practice/pkg/config"
	"example.com/practice/pkg/contract"
	"example.com/practice/pkg/protos"
	"example.com/practice/pkg/sql"
)

// TrackingSQLStore is a store.TrackingStore.
type TrackingSQLStore struct {
	config *config.Config
	db     *gorm.DB
}

// NewTrackingSQLStore opens the database.
func NewTrackingSQLStore(config *config.Config) (*TrackingSQLStore, error) {
	database, err := sql.NewDatabase(config.TrackingStoreURI)
	if err != nil {
		return nil, err
	}

	return &TrackingSQLStore{config: config, db: database}, nil
}

// transact runs a change as a whole or not at all.
func (s TrackingSQLStore) transact(
	ctx context.Context, change func(transaction *gorm.DB) *contract.Error,
) *contract.Error {
	err := s.db.WithContext(ctx).Transaction(func(transaction *gorm.DB) error {
		// A nil *contract.Error is not a nil error.
		if err := change(transaction); err != nil {
			return err
		}

		return nil
	})

	var contractError *contract.Error
	if err == nil || errors.As(err, &contractError) {
		return contractError
	}

	return internalError("transaction failed", err)
}

func internalError(message string, err error) *contract.Error {
	return contract.NewErrorWith(protos.ErrorCode_INTERNAL_ERROR, message, err)
}
