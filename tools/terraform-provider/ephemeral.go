package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

func (s *server) ValidateEphemeralResourceConfig(
	context.Context, *tfprotov6.ValidateEphemeralResourceConfigRequest,
) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	return &tfprotov6.ValidateEphemeralResourceConfigResponse{}, nil
}

func (s *server) OpenEphemeralResource(
	_ context.Context, request *tfprotov6.OpenEphemeralResourceRequest,
) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	schema := s.ephemerals[request.TypeName]
	kind := schema.ValueType()
	config, err := request.Config.Unmarshal(kind)
	if err != nil {
		return nil, err
	}
	open, err := plan(schema.Block, config, true)
	if err != nil {
		return nil, err
	}
	answer, err := s.settle(request.TypeName, open)
	if err != nil {
		return nil, err
	}
	result, err := tfprotov6.NewDynamicValue(kind, answer)
	return &tfprotov6.OpenEphemeralResourceResponse{Result: &result}, err
}

func (s *server) CloseEphemeralResource(
	context.Context, *tfprotov6.CloseEphemeralResourceRequest,
) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	return &tfprotov6.CloseEphemeralResourceResponse{}, nil
}
