// Package server answers what Go has over HTTP, and hands everything else to MLflow's Python.
package server

import (
	"errors"
	"fmt"
	"log"
	"net"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/proxy"
	"github.com/gofiber/fiber/v2/middleware/recover"

	artifacts "example.com/practice/pkg/artifacts/service"
	"example.com/practice/pkg/config"
	"example.com/practice/pkg/contract"
	registry "example.com/practice/pkg/model_registry/service"
	"example.com/practice/pkg/protos"
	"example.com/practice/pkg/server/parser"
	"example.com/practice/pkg/server/routes"
	tracking "example.com/practice/pkg/tracking/service"
)

const (
	bodyLimit       = 1 << 30 // artifacts pass through to Python
	shutdownTimeout = 5 * time.Second
)

// Server is a server that listens.
type Server struct {
	app  *fiber.App
	done chan error
}

// Start returns once the server listens.
func Start(cfg *config.Config) (*Server, error) {
	app, err := newApp(cfg)
	if err != nil {
		return nil, err
	}

	listener, err := net.Listen("tcp", cfg.Address)
	if err != nil {
		return nil, fmt.Errorf("failed to listen on %s: %w", cfg.Address, err)
	}

	server := &Server{app: app, done: make(chan error, 1)}

	go func() { server.done <- app.Listener(listener) }()

	return server, nil
}

// Stop returns once the last request is answered.
func (s *Server) Stop() error {
	return errors.Join(s.app.ShutdownWithTimeout(shutdownTimeout), <-s.done)
}

func newApp(cfg *config.Config) (*fiber.App, error) {
	api, err := newAPI(cfg)
	if err != nil {
		return nil, err
	}

	// A proxied answer keeps the Server header of Python, so a client can tell who answered.
	app := fiber.New(fiber.Config{
		BodyLimit:             bodyLimit,
		DisableStartupMessage: true,
		JSONEncoder:           encodeJSON,
		ServerHeader:          "mlflow/" + cfg.Version,
	})
	app.Use(recover.New())
	app.Mount("/api/2.0", api)
	app.Mount("/ajax-api/2.0", api)

	if cfg.PythonAddress != "" {
		app.Use(proxy.BalancerForward([]string{"http://" + cfg.PythonAddress}))
	}

	return app, nil
}

func newAPI(cfg *config.Config) (*fiber.App, error) {
	requestParser, err := parser.NewHTTPRequestParser()
	if err != nil {
		return nil, err
	}

	trackingService, err := tracking.NewTrackingService(cfg)
	if err != nil {
		return nil, err
	}

	modelRegistryService, err := registry.NewModelRegistryService(cfg)
	if err != nil {
		return nil, err
	}

	artifactsService, err := artifacts.NewArtifactsService(cfg)
	if err != nil {
		return nil, err
	}

	api := fiber.New(fiber.Config{ErrorHandler: writeError})
	routes.RegisterTrackingServiceRoutes(trackingService, requestParser, api)
	routes.RegisterModelRegistryServiceRoutes(modelRegistryService, requestParser, api)
	routes.RegisterArtifactsServiceRoutes(artifactsService, requestParser, api)

	return api, nil
}

func writeError(ctx *fiber.Ctx, err error) error {
	var contractError *contract.Error
	if !errors.As(err, &contractError) {
		contractError = contract.NewErrorWith(protos.ErrorCode_INTERNAL_ERROR, "Internal server error", err)
	}

	if contractError.Inner != nil {
		log.Printf("%s %s: %s", ctx.Method(), ctx.Path(), contractError)
	}

	return ctx.Status(contractError.StatusCode()).JSON(contractError)
}
