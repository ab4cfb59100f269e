// Package sql opens the database that both stores work on.
package sql

import (
	"fmt"
	"strings"

	"github.com/glebarez/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

const sqliteScheme = "sqlite:///"

// Python writes to the same file: wait for it as long as it waits for us, take the write lock at
// the start of a transaction, and enforce foreign keys as it does.
const sqliteOptions = "?_pragma=busy_timeout(20000)&_pragma=foreign_keys(1)&_txlock=immediate"

// NewDatabase opens the database behind an SQLAlchemy URI. Its tables are made by Python.
func NewDatabase(uri string) (*gorm.DB, error) {
	path, isSQLite := strings.CutPrefix(uri, sqliteScheme)
	if !isSQLite {
		return nil, fmt.Errorf("only %s is supported, got %q", sqliteScheme, uri)
	}

	database, err := gorm.Open(sqlite.Open("file:"+path+sqliteOptions), &gorm.Config{
		Logger:         logger.Discard, // every error is returned
		TranslateError: true,           // gives us gorm.ErrDuplicatedKey
	})
	if err != nil {
		return nil, fmt.Errorf("failed to open %q: %w", uri, err)
	}

	return database, nil
}
