package main

import "C"

import (
	"log"
	"unsafe"

	"example.com/practice/pkg/server"
)

var servers = newInstances[*server.Server]()

// StartServer returns once the server listens.
//
//export StartServer
func StartServer(configData unsafe.Pointer, configSize C.int) int64 {
	return servers.Create(server.Start, C.GoBytes(configData, configSize))
}

// StopServer returns once the last request is answered.
//
//export StopServer
func StopServer(id int64) int64 {
	instance, cErr := servers.Get(id)
	if cErr != nil {
		return -1
	}

	servers.Destroy(id)

	if err := instance.Stop(); err != nil {
		log.Print(err)

		return -1
	}

	return 0
}
