//go:build mage

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/magefile/mage/mg"
	"github.com/magefile/mage/sh"
)

const mlflowFolder = ".mlflow.repo"

// Repo has the targets for MLflow's own checkout.
type Repo mg.Namespace

// Init makes .mlflow.repo what .mlflow.ref says: a remote, "#", and a branch, tag or commit.
func (Repo) Init() error {
	content, err := os.ReadFile(".mlflow.ref")
	if err != nil {
		return fmt.Errorf("failed to read which MLflow to use: %w", err)
	}

	remote, reference, found := strings.Cut(strings.TrimSpace(string(content)), "#")
	if !found || remote == "" || reference == "" {
		return errors.New("expected .mlflow.ref to be remote#reference")
	}

	if _, err := os.Stat(mlflowFolder); os.IsNotExist(err) {
		if err := sh.Run("git", "clone", "--quiet", "--no-checkout", remote, mlflowFolder); err != nil {
			return err
		}

		return git("checkout", "--quiet", reference)
	}

	if isAt(remote, reference) {
		return nil
	}

	if err := git("remote", "set-url", "origin", remote); err != nil {
		return err
	}

	if err := git("fetch", "--quiet", "--tags", "origin"); err != nil {
		return err
	}

	if err := git("checkout", "--quiet", reference); err != nil {
		return err
	}

	if answer("rev-parse", "--abbrev-ref", "HEAD") == reference {
		return git("pull", "--quiet")
	}

	return nil
}

// isAt tells whether nothing is left to do. It does not ask the remote: a branch may be behind.
func isAt(remote, reference string) bool {
	return answer("remote", "get-url", "origin") == remote &&
		(answer("rev-parse", "--abbrev-ref", "HEAD") == reference ||
			answer("describe", "--tags", "HEAD") == reference ||
			answer("rev-parse", "HEAD") == reference)
}

func git(arguments ...string) error {
	return sh.RunV("git", append([]string{"-C", mlflowFolder}, arguments...)...)
}

// answer is empty where git fails, which is the answer "no" to each of our questions.
func answer(arguments ...string) string {
	output, _ := exec.Command("git", append([]string{"-C", mlflowFolder}, arguments...)...).Output()

	return strings.TrimSpace(string(output))
}
