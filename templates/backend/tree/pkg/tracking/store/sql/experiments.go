package sql

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm"

	"example.com/practice/pkg/contract"
	"example.com/practice/pkg/entities"
	"example.com/practice/pkg/protos"
	"example.com/practice/pkg/tracking/store/sql/models"
	"example.com/practice/pkg/utils"
)

const defaultExperimentID = "0"

// GetExperiment implements store.ExperimentTrackingStore.
func (s TrackingSQLStore) GetExperiment(
	ctx context.Context, experimentID string,
) (*entities.Experiment, *contract.Error) {
	experiment, err := getExperiment(s.db.WithContext(ctx), experimentID)
	if err != nil {
		return nil, err
	}

	return experiment.ToEntity(), nil
}

// CreateExperiment implements store.ExperimentTrackingStore.
func (s TrackingSQLStore) CreateExperiment(
	ctx context.Context, name, artifactLocation string, tags []*entities.ExperimentTag,
) (string, *contract.Error) {
	now := time.Now().UnixMilli()
	experiment := models.Experiment{
		Name:             name,
		ArtifactLocation: artifactLocation,
		LifecycleStage:   models.LifecycleStageActive,
		CreationTime:     now,
		LastUpdateTime:   now,
	}

	for _, tag := range tags {
		experiment.Tags = append(experiment.Tags, models.ExperimentTag{Key: tag.Key, Value: tag.Value})
	}

	err := s.transact(ctx, func(transaction *gorm.DB) *contract.Error {
		if err := transaction.Create(&experiment).Error; err != nil {
			if errors.Is(err, gorm.ErrDuplicatedKey) {
				return contract.NewErrorWith(
					protos.ErrorCode_RESOURCE_ALREADY_EXISTS,
					fmt.Sprintf("Experiment(name=%s) already exists. Error: %s", name, err),
					err,
				)
			}

			return internalError("failed to create experiment", err)
		}

		if artifactLocation != "" {
			return nil
		}

		// The default location ends in the ID, which we know only now.
		location := utils.AppendToURIPath(s.config.DefaultArtifactRoot, strconv.Itoa(int(experiment.ID)))
		if err := transaction.Model(&experiment).Update("artifact_location", location).Error; err != nil {
			return internalError("failed to set the artifact location of an experiment", err)
		}

		return nil
	})

	return strconv.Itoa(int(experiment.ID)), err
}

func getExperiment(transaction *gorm.DB, experimentID string) (*models.Experiment, *contract.Error) {
	if experimentID == "" {
		experimentID = defaultExperimentID
	}

	var experiment models.Experiment

	// The ID may be no number at all. SQL compares it as text, and finds nothing.
	err := transaction.Preload("Tags").Where("experiment_id = ?", experimentID).First(&experiment).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, contract.NewError(
			protos.ErrorCode_RESOURCE_DOES_NOT_EXIST,
			fmt.Sprintf("No Experiment with id=%s exists", experimentID),
		)
	}

	if err != nil {
		return nil, internalError("failed to get experiment", err)
	}

	return &experiment, nil
}

func checkExperimentIsActive(experiment *models.Experiment) *contract.Error {
	if experiment.LifecycleStage == models.LifecycleStageActive {
		return nil
	}

	return contract.NewError(
		protos.ErrorCode_INVALID_PARAMETER_VALUE,
		fmt.Sprintf(
			"The experiment %d must be in the 'active' state. Current state is %s.",
			experiment.ID, experiment.LifecycleStage,
		),
	)
}
