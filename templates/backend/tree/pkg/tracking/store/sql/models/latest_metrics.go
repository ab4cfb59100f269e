package models

import (
	"math"

	"example.com/practice/pkg/entities"
)

// LatestMetric is a row of latest_metrics: the newest value of each metric.
type LatestMetric struct {
	Key       string  `gorm:"column:key;primaryKey"`
	Value     float64 `gorm:"column:value"`
	Timestamp int64   `gorm:"column:timestamp"`
	Step      int64   `gorm:"column:step"`
	IsNaN     bool    `gorm:"column:is_nan"` // not every database can store NaN
	RunID     string  `gorm:"column:run_uuid;primaryKey"`
}

// ToEntity frees the row from SQL.
func (m LatestMetric) ToEntity() *entities.Metric {
	metric := &entities.Metric{Key: m.Key, Value: m.Value, Timestamp: m.Timestamp, Step: m.Step}
	if m.IsNaN {
		metric.Value = math.NaN()
	}

	return metric
}
