/**
 * Mappings as CloudFormation allows them: two keys, then a text, a number or a list of them. It allows no function there.
 */
import { unknown } from '../../network';
import { isRecord, type RawRecord } from '../parse';
import type { Resolved } from '../resource';
import { isScalar, type Mapping, type StackView } from './evaluation';

export function readMapping(raw: RawRecord, stack: StackView): Mapping {
  return new Map(
    Object.entries(raw).map(([key, row]): [string, ReadonlyMap<string, Resolved>] => {
      const entries = isRecord(row) ? Object.entries(row) : [];
      return [key, new Map(entries.map(([name, value]) => [name, readEntry(value, stack)]))];
    }),
  );
}

function readEntry(value: unknown, stack: StackView): Resolved {
  const isPlain = isScalar(value) || (Array.isArray(value) && value.every(isScalar));
  if (isPlain) return stack.resolve(value) ?? null;
  stack.report('TEMPLATE_MAPPING', 'a mapping holds texts, numbers and lists of them');
  return unknown('an entry of a mapping is neither a text nor a list');
}
