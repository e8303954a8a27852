package main

import (
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// withValidation plans the records that prove a certificate as the real provider does: which domains they are for is
// known at once, so that `for_each` over them works; what they hold is not.
func withValidation(planned tftypes.Value) (tftypes.Value, error) {
	fields := map[string]tftypes.Value{}
	if planned.IsNull() || text(planned, "validation_method") != "DNS" || text(planned, "domain_name") == "" {
		return planned, nil
	}
	if err := planned.As(&fields); err != nil {
		return planned, err
	}
	kind, isSet := fields["domain_validation_options"].Type().(tftypes.Set)
	if !isSet || fields["domain_validation_options"].IsKnown() {
		return planned, nil
	}
	seen := map[string]bool{}
	var options []tftypes.Value
	for _, domain := range append([]string{text(planned, "domain_name")}, list(planned, "subject_alternative_names")...) {
		if seen[domain] {
			continue
		}
		seen[domain] = true
		option := map[string]tftypes.Value{}
		for name, inner := range kind.ElementType.(tftypes.Object).AttributeTypes {
			option[name] = tftypes.NewValue(inner, tftypes.UnknownValue)
		}
		option["domain_name"] = tftypes.NewValue(tftypes.String, domain)
		options = append(options, tftypes.NewValue(kind.ElementType, option))
	}
	fields["domain_validation_options"] = tftypes.NewValue(kind, options)
	return tftypes.NewValue(planned.Type(), fields), nil
}
