package main

import (
	"fmt"
	"hash/fnv"
	"math/big"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const account = "123456789012"

// plan makes unknown what the cloud decides (when the object is new) and drops what is written only.
func plan(block *tfprotov6.SchemaBlock, value tftypes.Value, isNew bool) (tftypes.Value, error) {
	if value.IsNull() || !value.IsKnown() {
		return value, nil
	}
	fields := map[string]tftypes.Value{}
	if err := value.As(&fields); err != nil {
		return value, err
	}
	for _, attribute := range block.Attributes {
		switch current := fields[attribute.Name]; {
		case attribute.WriteOnly:
			fields[attribute.Name] = tftypes.NewValue(attribute.Type, nil)
		case isNew && attribute.Computed && current.IsNull():
			fields[attribute.Name] = tftypes.NewValue(attribute.Type, tftypes.UnknownValue)
		}
	}
	for _, nested := range block.BlockTypes {
		planned, err := planNested(nested, fields[nested.TypeName], isNew)
		if err != nil {
			return value, err
		}
		fields[nested.TypeName] = planned
	}
	return tftypes.NewValue(value.Type(), fields), nil
}

func planNested(nested *tfprotov6.SchemaNestedBlock, value tftypes.Value, isNew bool) (tftypes.Value, error) {
	if value.IsNull() || !value.IsKnown() || nested.Nesting == tfprotov6.SchemaNestedBlockNestingModeSingle {
		return plan(nested.Block, value, isNew)
	}
	var items []tftypes.Value
	if err := value.As(&items); err != nil {
		return value, err
	}
	for i, item := range items {
		planned, err := plan(nested.Block, item, isNew)
		if err != nil {
			return value, err
		}
		items[i] = planned
	}
	return tftypes.NewValue(value.Type(), items), nil
}

// settle replaces every unknown by a placeholder that depends on nothing but where it stands and what is known around it.
func (s *server) settle(typeName string, value tftypes.Value) (tftypes.Value, error) {
	known := digest(value)
	return tftypes.Transform(value, func(path *tftypes.AttributePath, at tftypes.Value) (tftypes.Value, error) {
		if at.IsKnown() {
			return at, nil
		}
		return s.placeholder(typeName, lastName(path), known, at.Type()), nil
	})
}

func (s *server) placeholder(typeName, name, known string, kind tftypes.Type) tftypes.Value {
	switch shape := kind.(type) {
	case tftypes.List:
		return tftypes.NewValue(kind, []tftypes.Value{s.placeholder(typeName, name, known, shape.ElementType)})
	case tftypes.Set:
		return tftypes.NewValue(kind, []tftypes.Value{s.placeholder(typeName, name, known, shape.ElementType)})
	case tftypes.Map:
		return tftypes.NewValue(kind, map[string]tftypes.Value{})
	case tftypes.Object:
		fields := map[string]tftypes.Value{}
		for field, inner := range shape.AttributeTypes {
			fields[field] = s.placeholder(typeName, field, known, inner)
		}
		return tftypes.NewValue(kind, fields)
	}
	switch {
	case kind.Is(tftypes.Number):
		return tftypes.NewValue(kind, big.NewFloat(1))
	case kind.Is(tftypes.Bool):
		return tftypes.NewValue(kind, false)
	}
	return tftypes.NewValue(tftypes.String, s.placeholderText(typeName, name, known))
}

func (s *server) placeholderText(typeName, name, known string) string {
	service := strings.Split(typeName, "_")[1]
	switch {
	case name == "account_id" || name == "owner_id" || name == "registry_id":
		return account
	case name == "region" || (typeName == "aws_region" && name != "description" && name != "endpoint"):
		return s.region
	case name == "partition" || (typeName == "aws_partition" && name == "id"):
		return "aws"
	case name == "dns_suffix":
		return "amazonaws.com"
	case name == "reverse_dns_prefix":
		return "com.amazonaws"
	case typeName == "aws_caller_identity" && name == "id":
		return account
	case name == "arn" || strings.HasSuffix(name, "_arn"):
		return fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, s.region, account, known)
	case name == "url" || name == "issuer" || strings.HasSuffix(name, "_uri"):
		return fmt.Sprintf("https://%s.%s.amazonaws.com/%s", service, s.region, known)
	case strings.HasSuffix(name, "_url"):
		return fmt.Sprintf("%s.dkr.%s.%s.amazonaws.com/%s", account, service, s.region, known)
	case strings.HasSuffix(name, "endpoint") || strings.HasSuffix(name, "address") || strings.Contains(name, "dns") ||
		strings.Contains(name, "domain"):
		return fmt.Sprintf("%s.%s.%s.amazonaws.com", known, service, s.region)
	}
	return fmt.Sprintf("%s-%s", strings.ReplaceAll(name, "_", "-"), known)
}

func lastName(path *tftypes.AttributePath) string {
	steps := path.Steps()
	for i := len(steps) - 1; i >= 0; i-- {
		if name, ok := steps[i].(tftypes.AttributeName); ok {
			return string(name)
		}
	}
	return "value"
}

func digest(value tftypes.Value) string {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(value.String()))
	return fmt.Sprintf("%08x", sum.Sum32())
}

// text is a string attribute of an object, and "" when it is null, unknown or of another type.
func text(object tftypes.Value, name string) string {
	fields := map[string]tftypes.Value{}
	var out string
	if object.IsNull() || object.As(&fields) != nil || fields[name].IsNull() || !fields[name].IsKnown() {
		return ""
	}
	if fields[name].As(&out) != nil {
		return ""
	}
	return out
}
