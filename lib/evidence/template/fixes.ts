/**
 * What would mend a template or an assembly, for whoever is told what is wrong with it and has not been told more.
 */
import type { Diagnostic } from '../../base/diagnostics';

const FIXES: Readonly<Record<string, string>> = {
  ASSEMBLY_CONTEXT_MISSING: 'synthesize with the context that is missing',
  ASSEMBLY_FILE_MISSING: 'synthesize again, and give the whole folder that `cdk synth` wrote',
  ASSEMBLY_NESTED_IN_ITSELF: 'let no template be the asset of a stack that is nested in it',
  ASSEMBLY_NOT_JSON: 'synthesize again, and give the whole folder that `cdk synth` wrote',
  ASSEMBLY_STACK: 'synthesize again, and give the whole folder that `cdk synth` wrote',
  ASSEMBLY_TOO_DEEP: 'nest fewer stages in each other',
  PARAMETER_UNKNOWN: 'give `--parameter [Stack.]Name=value` for a name under `Parameters` of a template',
  PARAMETER_VALUE: 'give a value of the type of the parameter, or change its default',
  TEMPLATE_ALIAS: 'name the value with `&` before it is repeated with `*`, and outside of it',
  TEMPLATE_ALIAS_BOMB: 'write the values out, or repeat less',
  TEMPLATE_CIDR: 'write `Fn::Cidr: [range, count, bits]`, with a range that holds so many blocks',
  TEMPLATE_CONDITION: 'write it as one of these, under `Conditions`',
  TEMPLATE_DUPLICATE_KEY: 'leave out one of the two',
  TEMPLATE_EMPTY: 'give a template with at least one entry in `Resources`',
  TEMPLATE_FOR_EACH: 'write `Fn::ForEach::Name: [identifier, collection, { key: value }]`',
  TEMPLATE_HOST_BITS: 'write the range as AWS takes it',
  TEMPLATE_IMPORT: 'give the template that exports it, too, or export the name once',
  TEMPLATE_INTRINSIC: 'write the function as its reference page shows it',
  TEMPLATE_KEY: 'put the key into quotes',
  TEMPLATE_MAPPING: 'write `Mappings: { Name: { TopLevelKey: { SecondLevelKey: value } } }`',
  TEMPLATE_NOT_AN_OBJECT: 'give a template, with `Resources` at its top',
  TEMPLATE_NOT_JSON: 'mend the text there; a text that breaks off was not written to its end',
  TEMPLATE_NOT_YAML: 'mend the text there, or its indentation',
  TEMPLATE_PARENT: 'give the template of the stack that holds it, too',
  TEMPLATE_PORT_RANGE: 'give ports from 0 to 65535, low first',
  TEMPLATE_REFERENCE_CYCLE: 'let one of them refer to the other, and not both: AWS refuses the circle',
  TEMPLATE_RESOURCE_PROPERTIES: 'write the properties as names with values',
  TEMPLATE_RESOURCE_TYPE: 'give it a `Type` like `AWS::EC2::VPC`',
  TEMPLATE_SECTION: 'write the section as names with what they stand for',
  TEMPLATE_SELECT: 'select an index that the list has; the first is 0',
  TEMPLATE_STACK_TWICE: 'give each template once, or rename one of the files',
  TEMPLATE_TOO_DEEP: 'write it flatter: AWS accepts no template that deep',
  TEMPLATE_TOO_LARGE: 'CloudFormation accepts 1 MB; give larger ones as JSON',
  TEMPLATE_TOO_MANY: 'leave out what AWS would not accept',
  TEMPLATE_UNKNOWN_REFERENCE: 'declare the name under `Parameters` or `Resources`, or mend the reference',
  TEMPLATE_WITHOUT_RESOURCES: 'a CloudFormation template has at least one entry in `Resources`',
};

export function withFix(diagnostic: Diagnostic): Diagnostic {
  const help = diagnostic.help ?? FIXES[diagnostic.code];
  return help === undefined ? diagnostic : { ...diagnostic, help };
}
