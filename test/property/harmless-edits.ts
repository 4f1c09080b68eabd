/**
 * Edits that say the same in other words, as people write them: AWS would build the same network, and so must we read.
 */
import type { Document } from './template-mutations';

export type HarmlessEdit = (document: Document) => Document;

export type Resource = { readonly Type: string; readonly Properties: Document } & Document;

export const isObject = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isResource = (value: unknown): value is Resource =>
  isObject(value) && typeof value.Type === 'string' && (value.Properties === undefined || isObject(value.Properties));
const NETWORK = /^AWS::(EC2|ElasticLoadBalancing|ElasticLoadBalancingV2|RDS|ECS|Lambda|AutoScaling)::/;

export function resourcesOf(document: Document): [string, unknown][] {
  return isObject(document.Resources) ? Object.entries(document.Resources) : [];
}

function withResources(document: Document, entries: readonly (readonly [string, unknown])[], more: Document = {}) {
  return { ...document, ...more, Resources: Object.fromEntries(entries) };
}

function section(document: Document, name: string, entries: Document): Document {
  const known = document[name];
  return { [name]: { ...(isObject(known) ? known : {}), ...entries } };
}

/** Every value of the properties of what stands in the network, innermost first; an intrinsic's own arguments aside. */
function mapValues(document: Document, change: (value: unknown, path: readonly string[]) => unknown): Document {
  const visit = (value: unknown, path: readonly string[]): unknown => {
    if (isIntrinsic(value)) return change(value, path);
    if (Array.isArray(value))
      return change(
        value.map((each) => visit(each, path)),
        path,
      );
    if (!isObject(value)) return change(value, path);
    return change(
      Object.fromEntries(Object.entries(value).map(([key, each]) => [key, visit(each, [...path, key])])),
      path,
    );
  };
  const entries = resourcesOf(document).map(([id, resource]): [string, unknown] => {
    if (!isResource(resource) || !isObject(resource.Properties) || !NETWORK.test(resource.Type)) return [id, resource];
    const properties = Object.entries(resource.Properties).map(([key, value]) => [key, visit(value, [key])]);
    return [id, { ...resource, Properties: Object.fromEntries(properties) }];
  });
  return withResources(document, entries);
}

function isIntrinsic(value: unknown): boolean {
  const keys = isObject(value) ? Object.keys(value) : [];
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0]?.startsWith('Fn::') === true);
}

const RANGE = /^[0-9a-f.:]+\/\d+$/;

const reversed: HarmlessEdit = (document) => withResources(document, resourcesOf(document).reverse());

/** `!Ref X` as `!Sub '${X}'`, `!GetAtt X.Y` as `!Sub '${X.Y}'`: of texts only, so not of parameters and lists. */
const substituted: HarmlessEdit = (document) => {
  const ids = new Set(resourcesOf(document).map(([id]) => id));
  return mapValues(document, (value) => {
    if (!isObject(value) || !isIntrinsic(value)) return value;
    const { Ref } = value;
    return typeof Ref === 'string' && ids.has(Ref) ? { 'Fn::Sub': `\${${Ref}}` } : value;
  });
};

const joinedRanges: HarmlessEdit = (document) =>
  mapValues(document, (value) => {
    if (typeof value !== 'string' || !RANGE.test(value)) return value;
    return { 'Fn::Join': ['/', value.split('/')] };
  });

const rangesAsParameters: HarmlessEdit = (document) => {
  const parameters: Document = {};
  const changed = mapValues(document, (value) => {
    if (typeof value !== 'string' || !RANGE.test(value)) return value;
    const name = `Range${value.replace(/[^0-9a-f]/g, 'x')}`;
    parameters[name] = { Type: 'String', Default: value };
    return { Ref: name };
  });
  return { ...changed, ...section(changed, 'Parameters', parameters) };
};

const rangesInMapping: HarmlessEdit = (document) => {
  const rows: Document = {};
  const changed = mapValues(document, (value) => {
    if (typeof value !== 'string' || !RANGE.test(value)) return value;
    const name = `R${value.replace(/[^0-9a-f]/g, 'x')}`;
    rows[name] = { Range: value };
    return { 'Fn::FindInMap': ['RangesByName', name, 'Range'] };
  });
  return Object.keys(rows).length === 0
    ? changed
    : { ...changed, ...section(changed, 'Mappings', { RangesByName: rows }) };
};

const ALWAYS = { Always: { 'Fn::Not': [{ 'Fn::Equals': ['a', 'b'] }] } };

const conditional: HarmlessEdit = (document) => {
  const changed = mapValues(document, (value, path) =>
    path.length === 1 && !Array.isArray(value) ? { 'Fn::If': ['Always', value, { Ref: 'AWS::NoValue' }] } : value,
  );
  const entries = resourcesOf(changed).map(([id, resource]): [string, unknown] => [
    id,
    isResource(resource) && resource.Condition === undefined ? { ...resource, Condition: 'Always' } : resource,
  ]);
  return withResources(changed, entries, section(changed, 'Conditions', ALWAYS));
};

const conditionalEntries: HarmlessEdit = (document) => {
  const changed = mapValues(document, (value) =>
    Array.isArray(value) && value.length > 0
      ? [
          ...value.map((each) => ({ 'Fn::If': ['Always', each, 'never'] })),
          { 'Fn::If': ['Always', { Ref: 'AWS::NoValue' }, 'never'] },
        ]
      : value,
  );
  return { ...changed, ...section(changed, 'Conditions', ALWAYS) };
};

const TEXTS = /^(FromPort|ToPort|RuleNumber|From|To|Port|Protocol|ContainerPort|DeviceIndex|Type|Code)$/;

const numbersAsTexts: HarmlessEdit = (document) =>
  mapValues(document, (value, path) =>
    typeof value === 'number' && TEXTS.test(path.at(-1) ?? '') ? String(value) : value,
  );

const flagsAsTexts: HarmlessEdit = (document) =>
  mapValues(document, (value, path) => (typeof value === 'boolean' && path.length === 1 ? String(value) : value));

const PROTOCOLS: Readonly<Record<string, string>> = { tcp: '6', udp: '17', icmp: '1', icmpv6: '58' };

const protocolNumbers: HarmlessEdit = (document) =>
  mapValues(document, (value, path) =>
    path.at(-1) === 'IpProtocol' && typeof value === 'string' ? (PROTOCOLS[value] ?? value) : value,
  );

const protocolCapitals: HarmlessEdit = (document) =>
  mapValues(document, (value, path) =>
    path.at(-1) === 'IpProtocol' && typeof value === 'string' ? value.toUpperCase() : value,
  );

const DIRECTIONS = [
  ['SecurityGroupIngress', 'AWS::EC2::SecurityGroupIngress'],
  ['SecurityGroupEgress', 'AWS::EC2::SecurityGroupEgress'],
] as const;

/** Rules written in a group, as resources of their own. */
const standaloneRules: HarmlessEdit = (document) => {
  const entries = resourcesOf(document).flatMap(([id, resource]): [string, unknown][] => {
    if (!isResource(resource) || resource.Type !== 'AWS::EC2::SecurityGroup') return [[id, resource]];
    const properties: Document = { ...resource.Properties };
    const { Condition } = resource;
    const rules = DIRECTIONS.flatMap(([name, Type]): [string, unknown][] => {
      const list = properties[name];
      if (!Array.isArray(list) || list.length === 0 || !list.every((rule) => isObject(rule) && !isIntrinsic(rule)))
        return [];
      delete properties[name];
      return list.map((rule: Document, at) => [
        `${id}${name}${at}`,
        {
          Type,
          ...(Condition !== undefined && { Condition }),
          Properties: { GroupId: { 'Fn::GetAtt': [id, 'GroupId'] }, ...rule },
        },
      ]);
    });
    return [[id, { ...resource, Properties: properties }], ...rules];
  });
  return withResources(document, entries);
};

/** Rules that are resources of their own, written in their group, unless they would refer to each other in a circle. */
const inlineRules: HarmlessEdit = (document) => {
  const entries = new Map(resourcesOf(document).map(([id, resource]) => [id, structuredClone(resource)]));
  for (const [id, rule] of [...entries]) {
    const [name] = DIRECTIONS.find(([, type]) => isResource(rule) && rule.Type === type) ?? [];
    if (name === undefined || !isResource(rule) || rule.Condition !== undefined) continue;
    const properties: Document = rule.Properties;
    const { GroupId, ...rest } = properties;
    const ref = isObject(GroupId)
      ? (GroupId.Ref ?? (Array.isArray(GroupId['Fn::GetAtt']) ? GroupId['Fn::GetAtt'][0] : undefined))
      : undefined;
    const group = typeof ref === 'string' ? entries.get(ref) : undefined;
    const namesGroup = Object.keys(rest).some((key) => key.includes('SecurityGroup'));
    if (!isResource(group) || group.Type !== 'AWS::EC2::SecurityGroup' || namesGroup) continue;
    const list = group.Properties[name] ?? [];
    if (!Array.isArray(list)) continue;
    (group.Properties as Document)[name] = [...list, rest];
    entries.delete(id);
  }
  return withResources(document, [...entries]);
};

/** A range in a rule, as a prefix list of it. */
const prefixLists: HarmlessEdit = (document) => {
  const lists = new Map<string, unknown>();
  const listOf = (range: string) => {
    const id = `List${range.replace(/[^0-9a-f]/g, 'x')}`;
    lists.set(id, {
      Type: 'AWS::EC2::PrefixList',
      Properties: {
        PrefixListName: id,
        AddressFamily: range.includes(':') ? 'IPv6' : 'IPv4',
        MaxEntries: 2,
        Entries: [{ Cidr: range }],
      },
    });
    return { 'Fn::GetAtt': [id, 'PrefixListId'] };
  };
  const changeRule = (rule: unknown, list: string): unknown => {
    if (!isObject(rule) || isIntrinsic(rule)) return rule;
    const { CidrIp, CidrIpv6, ...rest } = rule;
    if (CidrIp !== undefined && CidrIpv6 !== undefined) return rule;
    const range = CidrIp ?? CidrIpv6;
    return typeof range === 'string' && RANGE.test(range) ? { ...rest, [list]: listOf(range) } : rule;
  };
  const entries = resourcesOf(document).map(([id, resource]): [string, unknown] => {
    if (!isResource(resource)) return [id, resource];
    const properties: Document = { ...resource.Properties };
    for (const [name, type] of DIRECTIONS) {
      const list = name === 'SecurityGroupIngress' ? 'SourcePrefixListId' : 'DestinationPrefixListId';
      if (resource.Type === type) return [id, { ...resource, Properties: changeRule(properties, list) }];
      const rules = properties[name];
      if (resource.Type === 'AWS::EC2::SecurityGroup' && Array.isArray(rules)) {
        properties[name] = rules.map((rule) => changeRule(rule, list));
      }
    }
    return [id, { ...resource, Properties: properties }];
  });
  return withResources(document, [...entries, ...lists]);
};

/** Every IPv4 range of a rule in its two halves. */
const halves: HarmlessEdit = (document) => {
  const split = (rule: unknown): unknown[] => {
    const range = isObject(rule) ? rule.CidrIp : undefined;
    const [, a, b, c, d, bits] =
      /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(typeof range === 'string' ? range : '') ?? [];
    if (!isObject(rule) || bits === undefined || Number(bits) > 30) return [rule];
    const address = ((Number(a) * 256 + Number(b)) * 256 + Number(c)) * 256 + Number(d);
    const base = address - (address % 2 ** (32 - Number(bits)));
    return [base, base + 2 ** (31 - Number(bits))].map((start) => {
      const octets = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256);
      return { ...rule, CidrIp: `${octets.join('.')}/${Number(bits) + 1}` };
    });
  };
  const entries = resourcesOf(document).flatMap(([id, resource]): [string, unknown][] => {
    if (!isResource(resource)) return [[id, resource]];
    const properties: Document = { ...resource.Properties };
    for (const [name, type] of DIRECTIONS) {
      const rules = properties[name];
      if (resource.Type === type) {
        return split(properties).map((Properties, at) => [at === 0 ? id : `${id}Half`, { ...resource, Properties }]);
      }
      if (resource.Type === 'AWS::EC2::SecurityGroup' && Array.isArray(rules)) properties[name] = rules.flatMap(split);
    }
    return [[id, { ...resource, Properties: properties }]];
  });
  return withResources(document, entries);
};

/** Routes to a prefix list of their one range; `local` stays as it is. */
const routesByList: HarmlessEdit = (document) => {
  const lists = new Map<string, unknown>();
  const entries = resourcesOf(document).map(([id, resource]): [string, unknown] => {
    if (!isResource(resource) || resource.Type !== 'AWS::EC2::Route') return [id, resource];
    const { DestinationCidrBlock: range, ...rest } = resource.Properties;
    if (typeof range !== 'string' || !RANGE.test(range) || rest.GatewayId === 'local') return [id, resource];
    const list = `Routes${range.replace(/[^0-9a-f]/g, 'x')}`;
    lists.set(list, {
      Type: 'AWS::EC2::PrefixList',
      Properties: { PrefixListName: list, AddressFamily: 'IPv4', MaxEntries: 5, Entries: [{ Cidr: range }] },
    });
    return [id, { ...resource, Properties: { ...rest, DestinationPrefixListId: { Ref: list } } }];
  });
  return withResources(document, [...entries, ...lists]);
};

/** Each resource in a loop of one round. */
const loops: HarmlessEdit = (document) => {
  const entries = resourcesOf(document).map(([id, resource]): [string, unknown] => {
    if (!isResource(resource) || !NETWORK.test(resource.Type) || /[^A-Za-z0-9]/.test(id)) return [id, resource];
    const last = id.slice(-1);
    return [`Fn::ForEach::Only${id}`, [`Of${id}`, [last], { [`${id.slice(0, -1)}\${Of${id}}`]: resource }]];
  });
  const { Transform = [] } = document;
  return withResources(document, entries, { Transform: [...[Transform].flat(), 'AWS::LanguageExtensions'] });
};

/** Resources that have nothing to do with the network. */
const company: HarmlessEdit = (document) =>
  withResources(document, [
    ...resourcesOf(document),
    ['SomeRole', { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } }],
    ['SomeTopic', { Type: 'AWS::SNS::Topic' }],
    ['SomeAlarm', { Type: 'AWS::CloudWatch::Alarm', Properties: { ComparisonOperator: 'x', EvaluationPeriods: 1 } }],
    [
      'SomeFunction',
      {
        Type: 'AWS::Lambda::Function',
        Properties: { Code: { ZipFile: 'x' }, Role: { 'Fn::GetAtt': ['SomeRole', 'Arn'] } },
      },
    ],
    ['SomeWait', { Type: 'AWS::CloudFormation::WaitConditionHandle' }],
  ]);

/** The network-wide flag of an instance's place, written as its first interface. */
const placedByInterface: HarmlessEdit = (document) => {
  const entries = resourcesOf(document).map(([id, resource]): [string, unknown] => {
    if (!isResource(resource) || resource.Type !== 'AWS::EC2::Instance') return [id, resource];
    const { SubnetId, SecurityGroupIds, PrivateIpAddress, ...rest } = resource.Properties;
    if (SubnetId === undefined || rest.NetworkInterfaces !== undefined || rest.SecurityGroups !== undefined)
      return [id, resource];
    const first = {
      DeviceIndex: '0',
      SubnetId,
      ...(SecurityGroupIds !== undefined && { GroupSet: SecurityGroupIds }),
      ...(PrivateIpAddress !== undefined && { PrivateIpAddress }),
    };
    return [id, { ...resource, Properties: { ...rest, NetworkInterfaces: [first] } }];
  });
  return withResources(document, entries);
};

export const HARMLESS_EDITS: Readonly<Record<string, HarmlessEdit>> = {
  'resources in reverse': reversed,
  'Ref as Sub': substituted,
  'ranges joined': joinedRanges,
  'ranges as parameters with defaults': rangesAsParameters,
  'ranges in a mapping': rangesInMapping,
  'values behind a condition that holds': conditional,
  'entries behind a condition that holds': conditionalEntries,
  'numbers as texts': numbersAsTexts,
  'flags as texts': flagsAsTexts,
  'protocols by number': protocolNumbers,
  'protocols in capitals': protocolCapitals,
  'rules of their own': standaloneRules,
  'rules in their groups': inlineRules,
  'ranges of rules as prefix lists': prefixLists,
  'ranges of rules in halves': halves,
  'routes by prefix list': routesByList,
  'loops of one round': loops,
  'resources beside the network': company,
  'an instance placed by its interface': placedByInterface,
};
