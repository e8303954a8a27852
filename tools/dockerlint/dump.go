package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

type dumpedFile struct {
	Syntax string          `json:"syntax"`
	Escape string          `json:"escape"`
	Args   []dumpedCommand `json:"args"`
	Stages []dumpedStage   `json:"stages"`
}

type dumpedStage struct {
	Name     string          `json:"name"`
	Base     string          `json:"base"`
	Platform string          `json:"platform"`
	Line     int             `json:"line"`
	Commands []dumpedCommand `json:"commands"`
}

// dumpedCommand is an instruction: Code is its source, Fields what the grammar made of it.
type dumpedCommand struct {
	Name   string                `json:"name"`
	Line   int                   `json:"line"`
	Code   string                `json:"code"`
	Fields any                   `json:"fields"`
	Mounts []*instructions.Mount `json:"mounts,omitempty"`
}

func dump(file string) int {
	text, err := os.ReadFile(file)
	if err == nil {
		var read dumpedFile
		if read, err = parse(text); err == nil {
			encoder := json.NewEncoder(os.Stdout)
			encoder.SetEscapeHTML(false)
			encoder.SetIndent("", "  ")
			err = encoder.Encode(read)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "dockerlint:", err)
		return exitFailed
	}
	return 0
}

func parse(text []byte) (dumpedFile, error) {
	tree, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		return dumpedFile{}, err
	}
	stages, args, err := instructions.Parse(tree.AST, nil)
	if err != nil {
		return dumpedFile{}, err
	}
	syntax, _, _, _ := parser.DetectSyntax(text)
	read := dumpedFile{Syntax: syntax, Escape: string(tree.EscapeToken), Args: []dumpedCommand{}, Stages: []dumpedStage{}}
	for i := range args {
		read.Args = append(read.Args, dumpCommand(&args[i]))
	}
	for _, stage := range stages {
		commands := []dumpedCommand{}
		for _, command := range stage.Commands {
			commands = append(commands, dumpCommand(command))
		}
		read.Stages = append(read.Stages, dumpedStage{stage.Name, stage.BaseName, stage.Platform, firstLine(stage.Location), commands})
	}
	return read, nil
}

func dumpCommand(command instructions.Command) dumpedCommand {
	dumped := dumpedCommand{Name: command.Name(), Line: firstLine(command.Location()), Fields: command}
	if source, ok := command.(fmt.Stringer); ok {
		dumped.Code = source.String()
	}
	if run, ok := command.(*instructions.RunCommand); ok {
		keep := func(word string) (string, error) { return word, nil }
		if run.Expand(keep) == nil {
			dumped.Mounts = instructions.GetMounts(run)
		}
	}
	return dumped
}

func firstLine(location []parser.Range) int {
	if len(location) == 0 {
		return 0
	}
	return location[0].Start.Line
}
