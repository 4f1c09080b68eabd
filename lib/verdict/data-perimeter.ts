/**
 * What a zone keeps behind an AWS API is called from anywhere that reaches AWS (SEMANTICS 38), unless the resource's own
 * policy asks where a call comes from. Claimed of the buckets, tables and secrets that zones with patient data name, where
 * the templates show them.
 *
 * Read exactly: a denial of every action to everyone who does not come by named endpoints or VPCs. A permission that asks
 * where from is no gate: whoever the account's own policies let in needs none.
 */
import type { DataStore } from '../evidence/network';
import { zonesOfEndpoint } from './aws-doors';
import type { VerdictContext } from './context';
import { actionPrefixOf } from './endpoint-scope';
import { holdsPatientData, isNamed, namedBy } from './named-resources';
import { isDeclaredName } from './place';
import { type PolicyCondition, type PolicyStatement, speaksOfAll, statementsOf } from './policy-statement';
import { type Claim, placeOf } from './result';

export function verifyDataPerimeters(context: VerdictContext): Claim[] {
  return context.model.zones
    .filter(({ name }) => holdsPatientData(name, context))
    .flatMap(({ name, awsServices }) => {
      const services = new Set(awsServices.map(({ service }) => service));
      return context.network.dataStores
        .filter((store) => services.has(store.service))
        .filter((store) => isNamed(store, namedBy(name, store.service, context)) === 'yes')
        .map((store) => claimOf(name, store, context));
    });
}

function claimOf(zone: string, store: DataStore, context: VerdictContext): Claim {
  const name = typeof store.name === 'string' ? store.name : store.id;
  return {
    id: `data/${zone}/${store.service}:${name}`,
    kind: 'isolation',
    to: zone,
    says: `what ${zone} keeps in ${store.service} ${name} is called only through its own endpoints`,
    source: placeOf(context.zones.get(zone)?.source ?? context.model.source),
    ...judge(zone, store, context),
  };
}

type Judged = Pick<Claim, 'verdict' | 'because' | 'fix'>;

function judge(zone: string, store: DataStore, context: VerdictContext): Judged {
  const read = store.policies.map(statementsOf);
  const statements = read.flatMap((one) => one ?? []);
  const gates = statements.filter(({ effect }) => effect === 'deny').flatMap((one) => gateOf(one, store) ?? []);
  const judged = gates.map((gate) => judgeGate(gate, zone, store, context));
  const closed = judged.find(({ verdict }) => verdict === 'proved');
  if (closed) return closed;
  const fix = `deny what comes by no endpoint of ${zone} (StringNotEquals on aws:SourceVpce) in the policy of ${store.id}`;
  const open = [
    ...(read.includes(undefined) ? [`not understood: a policy of ${store.id} is not known`] : []),
    ...judged.filter(({ verdict }) => verdict === 'unknown').flatMap(({ because }) => because),
  ];
  if (open.length > 0) return { verdict: 'unknown', because: open, fix };
  const wrong = judged.find(({ verdict }) => verdict === 'violated');
  if (wrong) return { ...wrong, fix };
  return { verdict: 'violated', because: [reasonOf(store, statements)], fix };
}

function reasonOf({ id, refusesEveryone, openToEveryone }: DataStore, statements: readonly PolicyStatement[]): string {
  const lets = statements.some(
    ({ effect, isForAnyone, conditions }) => effect === 'allow' && isForAnyone && conditions.length === 0,
  );
  if ((lets && refusesEveryone === false) || openToEveryone === true)
    return `${id} is open to everyone on the internet`;
  return `no policy of ${id} asks where a call comes from: whoever has credentials for it calls from anywhere that reaches AWS`;
}

/** Endpoints and VPCs that a denial leaves open; `undefined` values: not understood, for the reason. */
interface Gate {
  readonly sources?: readonly string[];
  readonly reason?: string;
}

/** Undefined where the denial is about something else. */
function gateOf(statement: PolicyStatement, store: DataStore): Gate | undefined {
  const telling = statement.conditions.filter((condition) => !isOfAws(condition));
  if (!telling.some(({ key }) => SOURCES.has(key))) return undefined;
  if (statement.open !== undefined) return { reason: `a denial of which ${statement.open} is not known` };
  const isWhole =
    statement.isForAnyone && speaksOfAll(statement, actionPrefixOf(store.service)) && speaksOf(statement, store);
  if (!isWhole) return { reason: 'a denial that speaks of some actions, principals or resources only' };
  const sources: string[] = [];
  for (const { operator, key, values, quantifier } of telling) {
    const isPlain = operator === 'stringnotequals' || operator === 'stringnotequalsignorecase';
    if (!SOURCES.has(key) || !isPlain || quantifier !== undefined)
      return { reason: `a denial under a condition on \`${key}\`` };
    if (!values) return { reason: `a denial that leaves open what is not known (\`${key}\`)` };
    sources.push(...values);
  }
  return { sources };
}

const SOURCES: ReadonlySet<string> = new Set(['aws:sourcevpce', 'aws:sourcevpc']);

/** AWS's own calls for the resource come from no host. */
function isOfAws({ operator, key, values }: PolicyCondition): boolean {
  return operator === 'bool' && /^aws:(principalisawsservice|viaawsservice)$/.test(key) && values?.join() === 'false';
}

/** Of all that is in it: the objects of a bucket, whatever their keys. */
function speaksOf({ resources }: PolicyStatement, { id, name, service }: DataStore): boolean {
  if (resources.except) return false;
  const own = [`\${${id}.Arn}`, ...(typeof name === 'string' ? [name] : []), `\${${id}}`];
  return resources.patterns.some((pattern) => {
    if (pattern === '*') return true;
    const isWithin = service !== 's3' || pattern.endsWith('/*');
    const whole = pattern.replace(/\/\*$/, '');
    return isWithin && own.some((text) => whole === text || whole.endsWith(`:${text}`) || whole.endsWith(`/${text}`));
  });
}

function judgeGate({ sources, reason }: Gate, zone: string, store: DataStore, context: VerdictContext): Judged {
  if (!sources) return { verdict: 'unknown', because: [`not understood: the policy of ${store.id}: ${reason}`] };
  const placed = sources.map((source) => ({ source, zones: zonesBehind(source, context) }));
  const strange = placed.filter(({ zones }) => zones === undefined).map(({ source }) => source);
  const foreign = placed.flatMap(({ source, zones = [] }) =>
    zones.filter((other) => !isOwner(other, zone, store, context)).map((other) => `${shown(source)} is ${other}'s`),
  );
  if (foreign.length > 0)
    return { verdict: 'violated', because: foreign.map((one) => `${store.id} is open to another zone: ${one}`) };
  if (strange.length > 0) {
    const because = strange.map((source) => `not understood: no template shows whose ${shown(source)} is`);
    return { verdict: 'unknown', because };
  }
  return {
    verdict: 'proved',
    because: [`the policy of ${store.id} denies what does not come by ${sources.map(shown).join(', ')}`],
  };
}

/** The zone itself, or one that names the same resource. */
function isOwner(other: string, zone: string, store: DataStore, context: VerdictContext): boolean {
  return other === zone || isNamed(store, namedBy(other, store.service, context)) === 'yes';
}

function zonesBehind(source: string, context: VerdictContext): readonly string[] | undefined {
  const id = /^\$\{(.+?)(?:\.(?:Id|VpcId))?\}$/.exec(source)?.[1];
  const endpoint = context.network.vpcEndpoints.find((one) => one.id === id && !one.external);
  if (endpoint) return zonesOfEndpoint(endpoint, context).all;
  const vpc = context.network.vpcs.find((one) => one.id === id && !one.external);
  if (!vpc) return undefined;
  const subnets = context.network.subnets.filter((subnet) => subnet.vpc === vpc.id);
  const zones = subnets.flatMap((subnet) => context.binding.subnets.get(subnet.id)?.zone ?? []);
  return [...new Set(zones)].filter(isDeclaredName);
}

function shown(source: string): string {
  return source.replace(/^\$\{(.+)\}$/, '$1');
}

/** What zones with patient data name, and no template shows: its policies are judged by nobody. */
export function unseenResources(context: VerdictContext): string[] {
  return context.model.zones
    .filter(({ name }) => holdsPatientData(name, context))
    .flatMap(({ name, awsServices }) =>
      awsServices.flatMap(({ service, resources }) =>
        resources
          .filter(
            (resource) =>
              !context.network.dataStores.some(
                (store) => store.service === service && isNamed(store, [resource]) === 'yes',
              ),
          )
          .map(
            (resource) =>
              `no template shows ${service} ${resource}, which ${name} names: whom its own policy lets in is not judged`,
          ),
      ),
    );
}
