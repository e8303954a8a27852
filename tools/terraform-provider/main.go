// Command terraform-provider-aws stands in for the real one where there is no network: it serves the schemas of the
// AWS provider's resources and data sources, so that the real Terraform judges references, types, expressions and
// plans. It never talks to AWS: what only the cloud knows is unknown in a plan and a placeholder after an apply.
package main

import (
	_ "embed"
	"encoding/json"
	"log"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

//go:embed provider.json
var providerJSON []byte

// `make tools` copies schemas/terraform/aws-schema.json here: a module may embed only what is inside it.
//
//go:embed aws-schema.json
var schemaJSON []byte

//go:embed aws-extra.json
var extraJSON []byte

func main() {
	server, err := newServer()
	if err != nil {
		log.Fatal(err)
	}
	address := "registry.terraform.io/hashicorp/aws"
	if err := tf6server.Serve(address, func() tfprotov6.ProviderServer { return server }); err != nil {
		log.Fatal(err)
	}
}

func newServer() (*server, error) {
	var files struct {
		Resources   map[string]schemaFile `json:"resource_schemas"`
		DataSources map[string]schemaFile `json:"data_source_schemas"`
		Ephemerals  map[string]schemaFile `json:"ephemeral_resource_schemas"`
	}
	for _, text := range [][]byte{schemaJSON, extraJSON} {
		if err := json.Unmarshal(text, &files); err != nil {
			return nil, err
		}
	}
	var provider blockFile
	if err := json.Unmarshal(providerJSON, &provider); err != nil {
		return nil, err
	}
	block, err := provider.block()
	if err != nil {
		return nil, err
	}
	made := &server{region: "us-east-1", provider: &tfprotov6.Schema{Block: block}}
	if made.resources, err = schemas(files.Resources); err != nil {
		return nil, err
	}
	if made.ephemerals, err = schemas(files.Ephemerals); err != nil {
		return nil, err
	}
	made.dataSources, err = schemas(files.DataSources)
	return made, err
}
