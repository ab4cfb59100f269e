package main

import (
	"errors"
	"log"
	"sync"

	"example.com/practice/pkg/config"
	"example.com/practice/pkg/contract"
	"example.com/practice/pkg/protos"
)

// instances keeps what Python made: C cannot hold a Go pointer, so Python gets a number.
type instances[T any] struct {
	mutex   sync.RWMutex
	last    int64
	entries map[int64]T
}

func newInstances[T any]() *instances[T] {
	return &instances[T]{entries: map[int64]T{}}
}

// Create returns a number above zero, or -1 where the log says why not.
func (i *instances[T]) Create(create func(*config.Config) (T, error), configData []byte) int64 {
	cfg, err := config.NewConfigFromBytes(configData)
	if err != nil {
		log.Print(err)

		return -1
	}

	instance, err := create(cfg)
	if err != nil {
		log.Print(err)

		return -1
	}

	i.mutex.Lock()
	defer i.mutex.Unlock()

	i.last++
	i.entries[i.last] = instance

	return i.last
}

func (i *instances[T]) Get(id int64) (T, *contract.Error) {
	i.mutex.RLock()
	defer i.mutex.RUnlock()

	instance, ok := i.entries[id]
	if !ok {
		return instance, contract.NewError(protos.ErrorCode_RESOURCE_DOES_NOT_EXIST, "Instance not found")
	}

	return instance, nil
}

func (i *instances[T]) Destroy(id int64) {
	i.mutex.Lock()
	defer i.mutex.Unlock()

	delete(i.entries, id)
}

// logError logs what the client is not told.
func logError(err *contract.Error) {
	if inner := errors.Unwrap(err); inner != nil {
		log.Print(err)
	}
}
