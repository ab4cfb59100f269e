package sql

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"example.com/practice/pkg/contract"
	"example.com/practice/pkg/entities"
	"example.com/practice/pkg/model_registry/store/sql/models"
	"example.com/practice/pkg/protos"
)

// CreateRegisteredModel implements store.ModelRegistryStore.
func (m *ModelRegistrySQLStore) CreateRegisteredModel(
	ctx context.Context, name string, tags []*entities.RegisteredModelTag, description string,
) (*entities.RegisteredModel, *contract.Error) {
	now := time.Now().UnixMilli()
	registeredModel := models.RegisteredModel{
		Name:            name,
		CreationTime:    now,
		LastUpdatedTime: now,
		Description:     description,
		Tags:            uniqueTags(tags),
	}

	err := m.db.WithContext(ctx).Create(&registeredModel).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return nil, contract.NewErrorWith(
			protos.ErrorCode_RESOURCE_ALREADY_EXISTS,
			fmt.Sprintf("Registered Model (name=%s) already exists. Error: %s", name, err),
			err,
		)
	}

	if err != nil {
		return nil, contract.NewErrorWith(
			protos.ErrorCode_INTERNAL_ERROR, "failed to create registered model", err,
		)
	}

	return registeredModel.ToEntity(), nil
}

// uniqueTags keeps the last value of each key, in the order of the keys' first use.
func uniqueTags(tags []*entities.RegisteredModelTag) []models.RegisteredModelTag {
	unique := make([]models.RegisteredModelTag, 0, len(tags))
	positions := make(map[string]int, len(tags))

	for _, tag := range tags {
		position, seen := positions[tag.Key]
		if seen {
			unique[position].Value = tag.Value

			continue
		}

		positions[tag.Key] = len(unique)
		unique = append(unique, models.RegisteredModelTag{Key: tag.Key, Value: tag.Value})
	}

	return unique
}

// GetRegisteredModel implements store.ModelRegistryStore.
func (m *ModelRegistrySQLStore) GetRegisteredModel(
	ctx context.Context, name string,
) (*entities.RegisteredModel, *contract.Error) {
	registeredModel, err := getRegisteredModel(m.db.WithContext(ctx), name)
	if err != nil {
		return nil, err
	}

	return registeredModel.ToEntity(), nil
}

func getRegisteredModel(transaction *gorm.DB, name string) (*models.RegisteredModel, *contract.Error) {
	var registeredModel models.RegisteredModel

	err := transaction.
		Preload("Tags").
		Preload("Aliases").
		Preload("Versions").
		Preload("Versions.Tags").
		Where("name = ?", name).
		First(&registeredModel).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, contract.NewError(
			protos.ErrorCode_RESOURCE_DOES_NOT_EXIST,
			fmt.Sprintf("Registered Model with name=%s not found", name),
		)
	}

	if err != nil {
		return nil, contract.NewErrorWith(
			protos.ErrorCode_INTERNAL_ERROR, "failed to get registered model", err,
		)
	}

	return &registeredModel, nil
}
