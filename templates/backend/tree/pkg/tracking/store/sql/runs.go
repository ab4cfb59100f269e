package sql

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"example.com/practice/pkg/contract"
	"example.com/practice/pkg/entities"
	"example.com/practice/pkg/protos"
	"example.com/practice/pkg/tracking/store/sql/models"
	"example.com/practice/pkg/utils"
)

const artifactsFolderName = "artifacts"

// GetRun implements store.RunTrackingStore.
func (s TrackingSQLStore) GetRun(ctx context.Context, runID string) (*entities.Run, *contract.Error) {
	eager := s.db.WithContext(ctx).
		Preload("LatestMetrics").
		Preload("Params").
		Preload("Tags").
		Preload("Inputs", "destination_type = ?", "RUN").
		Preload("Inputs.Dataset").
		Preload("Inputs.Tags")

	run, err := getRun(eager, runID)
	if err != nil {
		return nil, err
	}

	entity := run.ToEntity()
	entity.Inputs = run.RunInputs()

	return entity, nil
}

// CreateRun implements store.RunTrackingStore.
func (s TrackingSQLStore) CreateRun(
	ctx context.Context,
	experimentID, userID string,
	startTime int64,
	tags []*entities.RunTag,
	runName string,
) (*entities.Run, *contract.Error) {
	runName, tags, err := nameRun(runName, tags)
	if err != nil {
		return nil, err
	}

	run := models.Run{
		ID:             utils.NewRunID(),
		Name:           runName,
		SourceType:     models.SourceTypeUnknown,
		UserID:         userID,
		Status:         models.RunStatusRunning,
		StartTime:      startTime,
		LifecycleStage: models.LifecycleStageActive,
	}

	for _, tag := range tags {
		run.Tags = append(run.Tags, models.Tag{Key: tag.Key, Value: tag.Value, RunID: run.ID})
	}

	err = s.transact(ctx, func(transaction *gorm.DB) *contract.Error {
		experiment, err := getExperiment(transaction, experimentID)
		if err != nil {
			return err
		}

		if err := checkExperimentIsActive(experiment); err != nil {
			return err
		}

		run.ExperimentID = experiment.ID
		run.ArtifactURI = utils.AppendToURIPath(experiment.ArtifactLocation, run.ID, artifactsFolderName)

		if err := transaction.Omit("Tags").Create(&run).Error; err != nil {
			return internalError("failed to create run", err)
		}

		// On their own: together with the run Gorm would skip a key that is there twice.
		if err := transaction.Create(&run.Tags).Error; err != nil {
			return contract.NewErrorWith(protos.ErrorCode_BAD_REQUEST, err.Error(), err)
		}

		return nil
	})
	if err != nil {
		return nil, err
	}

	return run.ToEntity(), nil
}

// nameRun settles a run's name. It may also be given as a tag, and always becomes one.
func nameRun(name string, tags []*entities.RunTag) (string, []*entities.RunTag, *contract.Error) {
	nameInTag := ""

	for _, tag := range tags {
		if tag.Key == utils.TagRunName {
			nameInTag = tag.Value

			break
		}
	}

	if name != "" && nameInTag != "" && name != nameInTag {
		return "", nil, contract.NewError(
			protos.ErrorCode_INVALID_PARAMETER_VALUE,
			fmt.Sprintf(
				"Both 'run_name' argument and 'mlflow.runName' tag are specified, but with "+
					"different values (run_name='%s', mlflow.runName='%s').",
				name, nameInTag,
			),
		)
	}

	if nameInTag != "" {
		return nameInTag, tags, nil
	}

	if name == "" {
		name = utils.GenerateRandomName()
	}

	return name, append(tags, &entities.RunTag{Key: utils.TagRunName, Value: name}), nil
}

func getRun(transaction *gorm.DB, runID string) (*models.Run, *contract.Error) {
	var run models.Run

	err := transaction.Where("run_uuid = ?", runID).First(&run).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, contract.NewError(
			protos.ErrorCode_RESOURCE_DOES_NOT_EXIST,
			fmt.Sprintf("Run with id=%s not found", runID),
		)
	}

	if err != nil {
		return nil, internalError("failed to get run", err)
	}

	return &run, nil
}

func checkRunIsActive(run *models.Run) *contract.Error {
	if run.LifecycleStage == models.LifecycleStageActive {
		return nil
	}

	return contract.NewError(
		protos.ErrorCode_INVALID_PARAMETER_VALUE,
		fmt.Sprintf(
			"The run %s must be in the 'active' state. Current state is %s.",
			run.ID, run.LifecycleStage,
		),
	)
}
