package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The form of `terraform providers schema -json`.
type (
	schemaFile struct {
		Version int64     `json:"version"`
		Block   blockFile `json:"block"`
	}
	blockFile struct {
		Attributes map[string]attributeFile `json:"attributes"`
		BlockTypes map[string]nestedFile    `json:"block_types"`
	}
	attributeFile struct {
		Type      json.RawMessage `json:"type"`
		Required  bool            `json:"required"`
		Optional  bool            `json:"optional"`
		Computed  bool            `json:"computed"`
		Sensitive bool            `json:"sensitive"`
		WriteOnly bool            `json:"write_only"`
	}
	nestedFile struct {
		Nesting  string    `json:"nesting_mode"`
		MinItems int64     `json:"min_items"`
		MaxItems int64     `json:"max_items"`
		Block    blockFile `json:"block"`
	}
)

var nestingModes = map[string]tfprotov6.SchemaNestedBlockNestingMode{
	"single": tfprotov6.SchemaNestedBlockNestingModeSingle,
	"list":   tfprotov6.SchemaNestedBlockNestingModeList,
	"set":    tfprotov6.SchemaNestedBlockNestingModeSet,
}

func schemas(files map[string]schemaFile) (map[string]*tfprotov6.Schema, error) {
	made := make(map[string]*tfprotov6.Schema, len(files))
	for name, file := range files {
		block, err := file.Block.block()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		made[name] = &tfprotov6.Schema{Version: file.Version, Block: block}
	}
	return made, nil
}

func (file blockFile) block() (*tfprotov6.SchemaBlock, error) {
	made := &tfprotov6.SchemaBlock{}
	for _, name := range slices.Sorted(maps.Keys(file.Attributes)) {
		attribute := file.Attributes[name]
		kind, err := tftypes.ParseJSONType(attribute.Type) //nolint:staticcheck // there is no other reader of this form
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		made.Attributes = append(made.Attributes, &tfprotov6.SchemaAttribute{
			Name:      name,
			Type:      kind,
			Required:  attribute.Required,
			Optional:  attribute.Optional,
			Computed:  attribute.Computed,
			Sensitive: attribute.Sensitive,
			WriteOnly: attribute.WriteOnly,
		})
	}
	for _, name := range slices.Sorted(maps.Keys(file.BlockTypes)) {
		nested := file.BlockTypes[name]
		block, err := nested.Block.block()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		made.BlockTypes = append(made.BlockTypes, &tfprotov6.SchemaNestedBlock{
			TypeName: name,
			Block:    block,
			Nesting:  nestingModes[nested.Nesting],
			MinItems: nested.MinItems,
			MaxItems: nested.MaxItems,
		})
	}
	return made, nil
}
