package sql

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.com/practice/pkg/contract"
	"example.com/practice/pkg/tracking/store/sql/models"
	"example.com/practice/pkg/utils"
)

// SetTag implements store.RunTrackingStore.
func (s TrackingSQLStore) SetTag(ctx context.Context, runID, key, value string) *contract.Error {
	return s.transact(ctx, func(transaction *gorm.DB) *contract.Error {
		run, err := getRun(transaction, runID)
		if err != nil {
			return err
		}

		if err := checkRunIsActive(run); err != nil {
			return err
		}

		// This tag is also the run's name, which must not become empty.
		if key == utils.TagRunName {
			if value == "" {
				return nil
			}

			if err := transaction.Model(run).Update("name", value).Error; err != nil {
				return internalError("failed to rename run", err)
			}
		}

		tag := models.Tag{Key: key, Value: value, RunID: runID}

		replace := clause.OnConflict{UpdateAll: true}
		if err := transaction.Clauses(replace).Create(&tag).Error; err != nil {
			return internalError("failed to set tag", err)
		}

		return nil
	})
}
