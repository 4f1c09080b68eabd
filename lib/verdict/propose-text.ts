/**
 * A draft as YAML for people: built as a document tree, so that it is valid whatever the names are, with comments that
 * say what each line was found from and what is left for a person.
 */
import { Document, isMap, isScalar, type Node, YAMLMap, YAMLSeq } from 'yaml';
import type { Draft, ProposedConduit, ProposedPlace, ProposedSite, ProposedZone } from './propose-draft';

const PREAMBLE = [
  'Proposed by `cordon init --from` from CloudFormation that already exists. What is open today is a conduit below,',
  'found by Cordon in the templates: nobody has approved any of it yet.',
  '',
  'What is left for people:',
  '- `why`, `who`, `owner`, `approved` and `review` of each conduit, for example',
  '  `approved: { by: Segmentation board, on: 2026-10-01 }`. Close what has no reason, then remove it here.',
  '- `trust` and `data` of each zone. They are `restricted` and `internal` until somebody says better. Write `phi`,',
  '  `phi-bulk` or `safety` where patients are concerned: then what must never be possible is judged too, clear text asks',
  '  for a reason, and the way in from the internet for a `gate`.',
  '- names: there is a zone for each VPC, or for the parts of it that a network ACL of their own keeps apart. Split a',
  '  zone by listing its `subnets` or `securityGroups`.',
];

/** A file is read from the top. */
const FINDINGS_SHOWN = 40;

/** `schema`: where an editor finds the schema, from the file's own place. */
export function writeDraft(draft: Draft, schema: string): string {
  const document = new Document(new YAMLMap());
  const root = document.contents as unknown as YAMLMap;
  const put = (map: YAMLMap, key: string, value: unknown, notes: readonly string[] = []) => {
    const node = document.createNode(key);
    if (notes.length > 0) node.commentBefore = commentOf(notes);
    map.add(document.createPair(node, value));
  };
  put(root, 'cordon', 1);
  put(root, 'estate', draft.name);
  if (draft.region !== undefined) put(root, 'region', draft.region);
  if (draft.sites.length > 0)
    put(
      root,
      'sites',
      mapOf(draft.sites, (site) => siteNode(site, document), document),
    );
  put(
    root,
    'zones',
    mapOf(draft.zones, (zone) => zoneNode(zone, document), document),
  );
  if (draft.conduits.length > 0) {
    put(
      root,
      'conduits',
      mapOf(draft.conduits, (conduit) => conduitNode(conduit, document), document),
    );
  }
  for (const { key } of root.items.slice(1)) {
    if (isScalar(key) && ['sites', 'zones', 'conduits'].includes(String(key.value))) key.spaceBefore = true;
  }
  const more: string[] = [];
  const findings =
    draft.findings.length === 0
      ? []
      : [
          '',
          'What `cordon verify` will report as violated. What is open and no conduit can say: narrow what opens it, then declare the',
          'rest. What is declared and does not work (`service/…`): mend what stops it, or declare less.',
        ];
  const left = draft.findings.length - FINDINGS_SHOWN;
  if (left > 0) more.push(`and ${left} more, which \`cordon verify\` lists`);
  const shown = draft.findings.slice(0, FINDINGS_SHOWN).map((finding) => `- ${finding}`);
  const top = [...PREAMBLE, ...findings, ...shown, ...more];
  document.commentBefore = commentOf([`yaml-language-server: $schema=${schema}`, ...top]);
  return document.toString({ lineWidth: 120, flowCollectionPadding: true });
}

/** Comments must not end early: one line each, whatever an id holds. */
function commentOf(lines: readonly string[]): string {
  return lines.map((line) => ` ${line.replace(/\p{Cc}/gu, ' ')}`.trimEnd()).join('\n');
}

interface Named {
  readonly name: string;
  readonly notes: readonly string[];
}

function mapOf<T extends Named>(items: readonly T[], nodeOf: (item: T) => Node, document: Document): YAMLMap {
  const map = new YAMLMap();
  items.forEach((item, at) => {
    const key = document.createNode(item.name);
    if (item.notes.length > 0) key.commentBefore = commentOf(item.notes);
    if (at > 0) key.spaceBefore = true;
    map.add(document.createPair(key, nodeOf(item)));
  });
  return map;
}

function flow(value: unknown, document: Document): Node {
  const node = document.createNode(value) as Node;
  if (node instanceof YAMLMap || node instanceof YAMLSeq) node.flow = true;
  return node;
}

function siteNode({ ip }: ProposedSite, document: Document): Node {
  const map = document.createNode({ connect: 'vpn' }) as Node;
  if (isMap(map)) {
    map.set('gateway', flow({ ip }, document));
    map.set('filtersSources', true);
  }
  return map;
}

function zoneNode({ purpose, at, assets, awsServices }: ProposedZone, document: Document): Node {
  const map = new YAMLMap();
  map.set('purpose', document.createNode(purpose));
  map.set('at', flow(placeOf(at), document));
  map.set('trust', document.createNode('restricted'));
  map.set('data', document.createNode('internal'));
  if (assets.length > 0) {
    const inner = new YAMLMap();
    for (const { name, securityGroups, serves } of assets) {
      const asset = { template: { securityGroups }, ...(serves.length > 0 ? { serves } : {}) };
      inner.set(document.createNode(name), flow(asset, document));
    }
    map.set('assets', inner);
  }
  if (awsServices.length > 0) map.set('awsServices', flow(awsServices, document));
  return map;
}

function placeOf(at: ProposedPlace): unknown {
  if (at.kind === 'site') return { site: at.site, cidrs: at.cidrs };
  if (at.kind === 'outside') return { outside: at.cidrs };
  return {
    template: {
      ...(at.vpcs.length > 0 ? { vpcs: at.vpcs } : {}),
      ...(at.subnets.length > 0 ? { subnets: at.subnets } : {}),
    },
  };
}

function conduitNode({ from, to, allow }: ProposedConduit, document: Document): Node {
  const map = new YAMLMap();
  map.set('from', document.createNode(from));
  map.set('to', document.createNode(to));
  map.set('allow', flow(allow, document));
  map.set('why', document.createNode(''));
  return map;
}
