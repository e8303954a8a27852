package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	celgo "github.com/google/cel-go/cel"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	utilversion "k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/admission"
	plugincel "k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/predicates/rules"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/authentication/user"
	apicel "k8s.io/apiserver/pkg/cel"
	"k8s.io/apiserver/pkg/cel/environment"
	kjson "sigs.k8s.io/json"
)

type policy struct {
	name        string
	spec        admissionv1.ValidatingAdmissionPolicySpec
	conditions  plugincel.ConditionEvaluator
	validations plugincel.ConditionEvaluator
	messages    plugincel.ConditionEvaluator
}

// expression is any CEL text of a policy, with what it may return.
type expression struct {
	name, text string
	types      []*celgo.Type
}

func (e expression) GetName() string            { return e.name }
func (e expression) GetExpression() string      { return e.text }
func (e expression) ReturnTypes() []*celgo.Type { return e.types }

var (
	anything = []*celgo.Type{celgo.AnyType, celgo.DynType}
	truth    = []*celgo.Type{celgo.BoolType}
	text     = []*celgo.Type{celgo.StringType}
)

func load(file, kubernetes string) ([]policy, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	written := []admissionv1.ValidatingAdmissionPolicy{}
	if faults, err := kjson.UnmarshalStrict(data, &written); err != nil || len(faults) > 0 {
		return nil, fmt.Errorf("%s: %v %v", file, err, faults)
	}
	version, err := utilversion.ParseGeneric(kubernetes)
	if err != nil {
		return nil, err
	}
	policies := []policy{}
	for _, one := range written {
		made, err := compile(one, environment.MustBaseEnvSet(version))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", one.Name, err)
		}
		policies = append(policies, made)
	}
	return policies, nil
}

// compile is what the API server does with a policy that is created: variables in their order, then all else.
func compile(written admissionv1.ValidatingAdmissionPolicy, base *environment.EnvSet) (policy, error) {
	none := policy{}
	if err := checkTypes(written.Spec, base); err != nil {
		return none, err
	}
	compiler, err := plugincel.NewCompositedCompiler(base)
	if err != nil {
		return none, err
	}
	options := plugincel.OptionalVariableDeclarations{}
	for _, variable := range written.Spec.Variables {
		named := expression{variable.Name, variable.Expression, anything}
		if result := compiler.CompileAndStoreVariable(named, options, environment.NewExpressions); result.Error != nil {
			return none, fmt.Errorf("variable %s: %s", variable.Name, result.Error.Detail)
		}
	}
	conditions, validations, messages := []expression{}, []expression{}, []expression{}
	for _, condition := range written.Spec.MatchConditions {
		conditions = append(conditions, expression{condition.Name, condition.Expression, truth})
	}
	for _, validation := range written.Spec.Validations {
		validations = append(validations, expression{"validation", validation.Expression, truth})
		messages = append(messages, expression{"messageExpression", validation.MessageExpression, text})
	}
	made := policy{name: written.Name, spec: written.Spec}
	for _, group := range []struct {
		texts []expression
		into  *plugincel.ConditionEvaluator
	}{{conditions, &made.conditions}, {validations, &made.validations}, {messages, &made.messages}} {
		accessors := []plugincel.ExpressionAccessor{}
		for _, one := range group.texts {
			result := compiler.CompileCELExpression(one, options, environment.NewExpressions)
			if result.Error != nil {
				return none, fmt.Errorf("%s: %s", one.name, result.Error.Detail)
			}
			accessors = append(accessors, one)
		}
		*group.into = compiler.CompileCondition(accessors, options, environment.NewExpressions)
	}
	return made, nil
}

// checkTypes fails where the API server's type checker would warn for some kind: fields are selected of `object` that
// not every kind has. What goes through dyn(object) is not its business.
func checkTypes(spec admissionv1.ValidatingAdmissionPolicySpec, base *environment.EnvSet) error {
	field := func(name string) *apicel.DeclField {
		return apicel.NewDeclField(name, apicel.StringType, true, nil, nil)
	}
	narrow := apicel.NewObjectType("celjudge.Object", map[string]*apicel.DeclField{
		"apiVersion": field("apiVersion"), "kind": field("kind"),
	})
	set, err := base.Extend(environment.VersionedOptions{
		IntroducedVersion: utilversion.MajorMinor(1, 0),
		EnvOptions: []celgo.EnvOption{
			celgo.Variable("object", narrow.CelType()),
			celgo.Variable("request", celgo.DynType),
			celgo.Variable("variables", celgo.DynType),
		},
		DeclTypes: []*apicel.DeclType{narrow},
	})
	if err != nil {
		return err
	}
	env, err := set.Env(environment.NewExpressions)
	if err != nil {
		return err
	}
	texts := []string{}
	for _, variable := range spec.Variables {
		texts = append(texts, variable.Expression)
	}
	for _, validation := range spec.Validations {
		texts = append(texts, validation.Expression, validation.MessageExpression)
	}
	for _, one := range texts {
		if _, issues := env.Compile(one); issues != nil {
			return fmt.Errorf("types: %s", issues.String())
		}
	}
	return nil
}

// judge is the message of a denial, or nothing, and what the evaluation cost. An evaluation that fails is an error:
// the API server would deny for want of a verdict.
func (p policy) judge(object form, operation string) (string, int64, error) {
	attributes := admission.NewAttributesRecord(object.object, nil, object.kind, object.namespace, object.name, object.resource, "",
		admission.Operation(operation), nil, false, &user.DefaultInfo{Name: "somebody"})
	if !p.matches(attributes) {
		return "", 0, nil
	}
	versioned := &admission.VersionedAttributes{Attributes: attributes, VersionedKind: object.kind}
	versioned.VersionedObject.Set(object.object)
	request := plugincel.CreateAdmissionRequest(attributes, metav1.GroupVersionResource(object.resource), metav1.GroupVersionKind(object.kind))
	ask := func(evaluator plugincel.ConditionEvaluator, budget int64) ([]plugincel.EvaluationResult, int64, error) {
		results, left, err := evaluator.ForInput(context.Background(), versioned, request, plugincel.OptionalVariableBindings{}, nil, budget)
		for _, result := range results {
			if result.Error != nil && err == nil {
				err = result.Error
			}
		}
		return results, left, err
	}
	matched, _, err := ask(p.conditions, celconfig.RuntimeCELCostBudgetMatchConditions)
	if err != nil {
		return "", 0, err
	}
	for _, one := range matched {
		if one.EvalResult.Value() != true {
			return "", 0, nil
		}
	}
	results, left, err := ask(p.validations, celconfig.RuntimeCELCostBudget)
	if err != nil {
		return "", 0, err
	}
	messages, left, err := ask(p.messages, left)
	if err != nil {
		return "", 0, err
	}
	said := []string{}
	for index, one := range results {
		if one.EvalResult.Value() != true {
			said = append(said, p.message(index, messages[index]))
		}
	}
	return strings.Join(said, "\n"), celconfig.RuntimeCELCostBudget - left, nil
}

// message is the one that the API server shows: the expression's, unless it is too long or has several lines.
func (p policy) message(index int, result plugincel.EvaluationResult) string {
	made, _ := result.EvalResult.Value().(string)
	made = strings.TrimSpace(made)
	if made == "" || len(made) > celconfig.MaxEvaluatedMessageExpressionSizeBytes || strings.Contains(made, "\n") {
		return p.spec.Validations[index].Message
	}
	return made
}

func (p policy) matches(attributes admission.Attributes) bool {
	for _, rule := range p.spec.MatchConstraints.ResourceRules {
		matcher := rules.Matcher{Rule: rule.RuleWithOperations, Attr: attributes}
		if matcher.Matches() {
			return true
		}
	}
	return false
}
