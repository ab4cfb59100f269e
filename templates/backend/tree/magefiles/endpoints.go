//go:build mage

package main

import (
	"fmt"
	"os"
	"slices"
	"text/tabwriter"

	"example.com/practice/magefiles/generate"
)

// Endpoints prints every endpoint and who answers it.
func Endpoints() error {
	services, err := generate.ReadServices(protoFolder)
	if err != nil {
		return err
	}

	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	defer table.Flush()

	for _, service := range services {
		for _, method := range service.Methods {
			answeredBy := "Python"
			if slices.Contains(generate.ServiceInfoMap[service.Name].ImplementedEndpoints, method.Name) {
				answeredBy = "Go"
			}

			fmt.Fprintf(table, "%s\t%s\t%s\n", service.Name, method.Name, answeredBy)
		}
	}

	return nil
}
