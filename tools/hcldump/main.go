// Command hcldump prints how HashiCorp's own parser reads Terraform files: for each file one line of JSON, the list of
// its blocks' labels, attributes' names, literal values and texts in templates (escapes resolved), and names that it
// refers to, in order. Nothing is evaluated.
//
//	hcldump FILE...    exit code 2 when a file does not parse
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"sort"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

type token struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
}

type collector struct {
	tokens []token
	done   map[hclsyntax.Node]bool // said already, with what holds them
}

func (c *collector) add(kind, text string) { c.tokens = append(c.tokens, token{kind, text}) }

func (c *collector) Enter(node hclsyntax.Node) hcl.Diagnostics {
	switch node.(type) {
	case hclsyntax.ChildScope, hclsyntax.Attributes, hclsyntax.Blocks:
		return nil // no nodes of their own, and no keys of a map
	}
	if c.done[node] {
		return nil
	}
	switch node := node.(type) {
	case *hclsyntax.ObjectConsKeyExpr:
		// A key without quotes is the same text as one with them.
		if name := hcl.ExprAsKeyword(node.Wrapped); name != "" && !node.ForceNonLiteral {
			c.add("literal", name)
			c.done[node.Wrapped] = true
		}
	case *hclsyntax.TemplateExpr:
		c.template(node)
	case *hclsyntax.LiteralValueExpr:
		c.add("literal", literal(node.Val))
	case *hclsyntax.ScopeTraversalExpr:
		for _, part := range node.Traversal {
			switch part := part.(type) {
			case hcl.TraverseRoot:
				c.add("refers", part.Name)
			case hcl.TraverseAttr:
				c.add("refers", part.Name)
			case hcl.TraverseIndex:
				c.add("refers", literal(part.Key))
			}
		}
	case *hclsyntax.FunctionCallExpr:
		c.add("calls", node.Name)
	}
	return nil
}

func (c *collector) Exit(hclsyntax.Node) hcl.Diagnostics { return nil }

// template says the texts of a template, each as one however the scanner has cut it.
func (c *collector) template(node *hclsyntax.TemplateExpr) {
	text := ""
	for _, part := range node.Parts {
		if value, ok := part.(*hclsyntax.LiteralValueExpr); ok {
			text += literal(value.Val)
			c.done[part] = true
			continue
		}
		c.add("literal", text)
		text = ""
	}
	c.add("literal", text)
}

func literal(value cty.Value) string {
	if value.Type() == cty.String && value.IsKnown() && !value.IsNull() {
		return value.AsString()
	}
	return value.GoString()
}

func (c *collector) body(body *hclsyntax.Body) {
	names := make([]string, 0, len(body.Attributes))
	for name := range body.Attributes {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool {
		return body.Attributes[names[i]].SrcRange.Start.Byte < body.Attributes[names[j]].SrcRange.Start.Byte
	})
	for _, name := range names {
		c.add("attribute", name)
		_ = hclsyntax.Walk(body.Attributes[name].Expr, c)
	}
	for _, block := range body.Blocks {
		c.add("block", block.Type)
		for _, label := range block.Labels {
			c.add("label", label)
		}
		c.body(block.Body)
		c.add("end", block.Type)
	}
}

func main() {
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	for _, name := range os.Args[1:] {
		text, err := os.ReadFile(name)
		if err != nil {
			fmt.Fprintln(os.Stderr, "hcldump:", err)
			os.Exit(2)
		}
		file, problems := hclsyntax.ParseConfig(text, name, hcl.InitialPos)
		if problems.HasErrors() {
			fmt.Fprintln(os.Stderr, "hcldump:", problems.Error())
			os.Exit(2)
		}
		found := &collector{tokens: []token{}, done: map[hclsyntax.Node]bool{}}
		found.body(file.Body.(*hclsyntax.Body))
		if err := encoder.Encode(found.tokens); err != nil {
			os.Exit(2)
		}
	}
}
