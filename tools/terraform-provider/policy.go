package main

import (
	"encoding/json"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The policy document is the one data source whose answer is computed and not fetched, so it is computed here too.
type (
	policyDocument struct {
		Version   string            `json:"Version"`
		ID        string            `json:"Id,omitempty"`
		Statement []policyStatement `json:"Statement"`
	}
	policyStatement struct {
		Sid          string                    `json:"Sid,omitempty"`
		Effect       string                    `json:"Effect"`
		Action       any                       `json:"Action,omitempty"`
		NotAction    any                       `json:"NotAction,omitempty"`
		Resource     any                       `json:"Resource,omitempty"`
		NotResource  any                       `json:"NotResource,omitempty"`
		Principal    any                       `json:"Principal,omitempty"`
		NotPrincipal any                       `json:"NotPrincipal,omitempty"`
		Condition    map[string]map[string]any `json:"Condition,omitempty"`
	}
)

func withPolicy(config, open tftypes.Value) (tftypes.Value, error) {
	document := policyDocument{Version: text(config, "version"), ID: text(config, "policy_id"), Statement: []policyStatement{}}
	if document.Version == "" {
		document.Version = "2012-10-17"
	}
	for _, source := range list(config, "source_policy_documents") {
		var other policyDocument
		if err := json.Unmarshal([]byte(source), &other); err != nil {
			return open, err
		}
		document.Statement = append(document.Statement, other.Statement...)
	}
	for _, block := range blocks(config, "statement") {
		document.Statement = append(document.Statement, statement(block))
	}
	pretty, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		return open, err
	}
	small, err := json.Marshal(document)
	if err != nil {
		return open, err
	}
	fields := map[string]tftypes.Value{}
	if err := open.As(&fields); err != nil {
		return open, err
	}
	fields["json"] = tftypes.NewValue(tftypes.String, string(pretty))
	fields["minified_json"] = tftypes.NewValue(tftypes.String, string(small))
	return tftypes.NewValue(open.Type(), fields), nil
}

func statement(block tftypes.Value) policyStatement {
	made := policyStatement{
		Sid:          text(block, "sid"),
		Effect:       text(block, "effect"),
		Action:       oneOrMany(list(block, "actions")),
		NotAction:    oneOrMany(list(block, "not_actions")),
		Resource:     oneOrMany(list(block, "resources")),
		NotResource:  oneOrMany(list(block, "not_resources")),
		Principal:    principals(blocks(block, "principals")),
		NotPrincipal: principals(blocks(block, "not_principals")),
	}
	if made.Effect == "" {
		made.Effect = "Allow"
	}
	for _, condition := range blocks(block, "condition") {
		test := text(condition, "test")
		if made.Condition == nil {
			made.Condition = map[string]map[string]any{}
		}
		if made.Condition[test] == nil {
			made.Condition[test] = map[string]any{}
		}
		made.Condition[test][text(condition, "variable")] = oneOrMany(list(condition, "values"))
	}
	return made
}

func principals(all []tftypes.Value) any {
	byType := map[string][]string{}
	for _, block := range all {
		kind := text(block, "type")
		byType[kind] = append(byType[kind], list(block, "identifiers")...)
	}
	if slices.Equal(byType["*"], []string{"*"}) && len(byType) == 1 {
		return "*"
	}
	if len(byType) == 0 {
		return nil
	}
	made := map[string]any{}
	for kind, identifiers := range byType {
		made[kind] = oneOrMany(identifiers)
	}
	return made
}

func oneOrMany(values []string) any {
	switch len(values) {
	case 0:
		return nil
	case 1:
		return values[0]
	}
	slices.Sort(values)
	return values
}

func list(object tftypes.Value, name string) []string {
	var values []string
	for _, item := range blocks(object, name) {
		var value string
		if item.IsKnown() && !item.IsNull() && item.As(&value) == nil {
			values = append(values, value)
		}
	}
	return values
}

// blocks are the elements of a list or set inside an object.
func blocks(object tftypes.Value, name string) []tftypes.Value {
	fields := map[string]tftypes.Value{}
	var items []tftypes.Value
	if object.As(&fields) != nil || fields[name].IsNull() || !fields[name].IsKnown() || fields[name].As(&items) != nil {
		return nil
	}
	return items
}
