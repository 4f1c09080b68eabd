import { resolveTemplates } from '../../../../lib/evidence/template';
import {
  ChoiceValue,
  type ReadOptions,
  ReferenceValue,
  type Resolved,
  type ResolvedTemplates,
  type TemplateFile,
  TextWithReferences,
} from '../../../../lib/evidence/template/resource';

/** A template as a file; `stack` is its name. */
export function file(stack: string, template: unknown, more: Partial<TemplateFile> = {}): TemplateFile {
  return { stack, file: `${stack}.json`, text: JSON.stringify(template), ...more };
}

export function yamlFile(stack: string, text: string, more: Partial<TemplateFile> = {}): TemplateFile {
  return { stack, file: `${stack}.yaml`, text, ...more };
}

/** A resource of no known type that holds a value. */
export const thing = (Value: unknown, more: object = {}) => ({ Type: 'Test::Thing', Properties: { Value }, ...more });
export const sub = (text: string) => ({ 'Fn::Sub': text });

/** A value beside some resources and parameters, resolved as a property of a resource of stack `S`. */
export function resolveValue(value: unknown, template: object = {}, options: ReadOptions = {}): Resolved | undefined {
  return propertyOf(resolveValueWith(value, template, options), 'S.Probe', 'Value');
}

export function resolveValueWith(value: unknown, template: object = {}, options: ReadOptions = {}): ResolvedTemplates {
  const { Resources = {}, ...rest } = template as { Resources?: object };
  const whole = { ...rest, Resources: { ...Resources, Probe: { Type: 'Test::Probe', Properties: { Value: value } } } };
  return resolveTemplates([file('S', whole)], options);
}

export function propertyOf(resolved: ResolvedTemplates, id: string, name: string): Resolved | undefined {
  const resource = resolved.resources.find((each) => each.id === id);
  if (!resource) throw new Error(`there is no \`${id}\`: ${resolved.resources.map((each) => each.id).join(', ')}`);
  return resource.properties[name];
}

export function codes(resolved: { readonly diagnostics: readonly { readonly code: string }[] }): string[] {
  return resolved.diagnostics.map(({ code }) => code);
}

/** A value in words, for truth tables: references as `<S.Vpc.Attr>`, choices as `a | b`, unknowns as `?parameters`. */
export function show(value: Resolved | undefined): string {
  if (value === undefined) return '-';
  if (value === null) return 'null';
  if (typeof value !== 'object') return String(value);
  if (value instanceof ReferenceValue) {
    const { resource, attribute, part } = value.reference;
    return `<${resource}${attribute ? `.${attribute}` : ''}${part ? ` ${part}` : ''}>`;
  }
  if (value instanceof TextWithReferences) return value.parts.map(show).join('');
  if (value instanceof ChoiceValue) return `${value.options.map(show).join(' | ')} by ${value.parameters.join(',')}`;
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if ('unknown' in value && value.unknown === true) {
    return `?${(value.parameters as readonly string[]).join(',')}`;
  }
  const entries = Object.entries(value).map(([key, each]) => `${key}: ${show(each as Resolved)}`);
  return `{${entries.join(', ')}}`;
}
