/**
 * What a zone keeps behind an AWS API is called from anywhere that reaches AWS (SEMANTICS 38), unless the resource's own
 * policy asks where a call comes from. Claimed of the buckets, tables and secrets that zones with patient data name, where
 * the templates show them.
 *
 * Read exactly: a denial of every action to everyone who does not come by named endpoints or VPCs. A permission that asks
 * where from is no gate: whoever the account's own policies let in needs none.
 */
import {
  type DataStore,
  type PolicyCondition,
  type PolicyStatement,
  type PolicyText,
  speaksOfAll,
  statementsOf,
  type VpcEndpoint,
} from '../evidence/network';
import { zonesOfVpcs } from './bridges';
import type { VerdictContext } from './context';
import { actionPrefixOf, exceptsAws } from './endpoint-scope';
import { perhapsServed, zonesOfEndpoint } from './endpoint-users';
import { holdsPatientData, isNamed, namedBy } from './named-resources';
import { INTERNET, isDeclaredName } from './place';
import { type Claim, gravest, placeOf } from './result';

export function verifyDataPerimeters(context: VerdictContext): Claim[] {
  const holding = context.model.zones.filter(({ name }) => holdsPatientData(name, context));
  const claims = holding.flatMap(({ name, awsServices }) => {
    const services = [...new Set(awsServices.map(({ service }) => service))];
    return services.flatMap((service) => claimsOfService(name, service, context));
  });
  return holding.length === 0 ? claims : [...claims, ...claimsOfOutside(context)];
}

/** What answers the internet in no VPC is in no zone, and nobody says what is in it, unless a zone names it. */
function claimsOfOutside(context: VerdictContext): Claim[] {
  const outside = context.network.dataStores.filter((store) => store.isOutside && !isSomebodys(store, context));
  return outside.map(({ id, service }) => ({
    id: `data/${service}:${id}`,
    kind: 'isolation',
    verdict: 'unknown',
    from: INTERNET,
    says: 'what answers the internet in no VPC holds nothing of a zone with patient data',
    source: placeOf(context.model.source),
    because: [
      `not understood: ${id} answers the internet, whatever routes and groups say, and no zone says what is in it`,
    ],
    fix: `place ${id} in the subnets of a zone, or name it under the awsServices of the zone whose data is in it`,
  }));
}

function isSomebodys(store: DataStore, context: VerdictContext): boolean {
  return context.model.zones.some(({ name }) => isNamed(store, namedBy(name, store.service, context)) === 'yes');
}

function claimsOfService(zone: string, service: string, context: VerdictContext): Claim[] {
  const stores = context.network.dataStores.filter((store) => store.service === service);
  const names = namedBy(zone, service, context);
  if (names.length === 0) return stores.flatMap((store) => claimOfUnnamed(zone, store, context));
  const shown = stores.filter((store) => isNamed(store, names) === 'yes');
  const unseen = names.filter((name) => !shown.some((store) => isNamed(store, [name]) === 'yes'));
  const perhaps = stores.filter(({ id, name }) => name !== undefined && isNamed({ id, name }, unseen) === 'maybe');
  const [byIam, gated] = [shown.filter((store) => store.byIam), shown.filter((store) => !store.byIam)];
  return [
    ...byIam.flatMap((store) => claimOfOpen(zone, store, context)),
    ...gated.map((store) => claimOf(zone, store, judgeWithCopies(zone, store, context), context)),
    ...perhaps.flatMap((store) => claimOfPerhaps(zone, store, unseen, context)),
  ];
}

function claimOf(zone: string, store: DataStore, judged: Judged, context: VerdictContext): Claim {
  const name = typeof store.name === 'string' ? store.name : store.id;
  return {
    id: `data/${zone}/${store.service}:${name}`,
    kind: 'isolation',
    to: zone,
    says: `what ${zone} keeps in ${store.service} ${name} is called only through its own endpoints`,
    source: placeOf(context.zones.get(zone)?.source ?? context.model.source),
    ...judged,
  };
}

/** Where no policy can say where a call comes from, nothing is claimed but of what one lets in. */
function claimOfOpen(zone: string, store: DataStore, context: VerdictContext): Claim[] {
  if (store.opensTo === undefined) return [];
  const because = [`the policy of ${store.id} lets ${store.opensTo} at what is in it`];
  const fix = `let nobody beyond the account in, or say who and from where, in the policy of ${store.id}`;
  const verdict = store.opensTo === 'everyone' && store.certain ? 'violated' : 'unknown';
  return [claimOf(zone, store, { verdict, because, fix }, context)];
}

/** What only deployment names may be what the zone names; one that is closed to others is nobody's trouble. */
function claimOfPerhaps(zone: string, store: DataStore, names: readonly string[], context: VerdictContext): Claim[] {
  const [open] = store.byIam ? claimOfOpen(zone, store, context) : [];
  const judged = store.byIam ? open : judgeWithCopies(zone, store, context);
  if (!judged || judged.verdict === 'proved') return [];
  const because = [`not understood: whether ${store.id} is ${names.join(' or ')}`, ...judged.because];
  return [claimOf(zone, store, { ...judged, verdict: 'unknown', because }, context)];
}

/** A zone that names none may keep its data in any; what is open to everyone is said to be, unless some zone names it. */
function claimOfUnnamed(zone: string, store: DataStore, context: VerdictContext): Claim[] {
  if (isSomebodys(store, context)) return [];
  if (store.byIam) return claimOfOpen(zone, store, context).map((claim) => ({ ...claim, verdict: 'unknown' }));
  if (store.isOutside) return [];
  const isOpen = isOpenToEveryone(store, statementsIn(store)) && judge(zone, store, context).verdict !== 'proved';
  const unseen = (store.copies ?? []).filter(({ id, name }) => id === undefined && name !== undefined);
  const doubt = `and no zone says what is in it: it may be what ${zone} keeps`;
  const because = [
    ...(isOpen ? [`${store.id} is open to everyone on the internet, ${doubt}`] : []),
    ...unseen.map(({ says }) => `not understood: ${store.id}: ${says}, which no template shows, ${doubt}`),
  ];
  const fix = `close ${store.id}, or name it under the awsServices of the zone whose data is in it`;
  return because.length === 0 ? [] : [claimOf(zone, store, { verdict: 'unknown', because, fix }, context)];
}

type Judged = Pick<Claim, 'verdict' | 'because' | 'fix'>;

/** What AWS copies elsewhere is no better kept than the copy. */
function judgeWithCopies(zone: string, store: DataStore, context: VerdictContext): Judged {
  const own = judge(zone, store, context);
  const copies = (store.copies ?? []).map(({ id, name, says }): Judged => {
    const copy = context.network.dataStores.find((one) => one.id === id);
    if (!copy && name !== undefined && namedBy(zone, store.service, context).includes(name))
      return { verdict: 'proved', because: [`${store.id}: ${says}`] };
    if (!copy)
      return { verdict: 'unknown', because: [`not understood: ${says}, and no template shows who may read it`] };
    const judged = judge(zone, copy, context);
    return { ...judged, because: judged.because.map((because) => `${store.id}: ${says}: ${because}`) };
  });
  const wrong = copies.filter(({ verdict }) => verdict !== 'proved');
  if (wrong.length === 0) return own;
  const verdict = gravest([own.verdict, ...wrong.map((one) => one.verdict)]);
  const because = [own, ...wrong].filter((one) => one.verdict !== 'proved').flatMap((one) => one.because);
  const fix = own.fix ?? wrong.find((one) => one.fix !== undefined)?.fix;
  return { verdict, because, ...(fix !== undefined && { fix }) };
}

function statementsIn(store: DataStore): PolicyStatement[] {
  return store.policies.flatMap((policy) => statementsOf(policy) ?? []);
}

function judge(zone: string, store: DataStore, context: VerdictContext): Judged {
  const isRead = store.policies.every((policy) => statementsOf(policy) !== undefined);
  const statements = statementsIn(store);
  const gates = statements.filter(({ effect }) => effect === 'deny').flatMap((one) => gateOf(one, store) ?? []);
  const judged = gates.map((gate) => judgeGate(gate, zone, store, context));
  const closed = judged.find(({ verdict }) => verdict === 'proved');
  if (closed) return closed;
  const fix = `deny what comes by no endpoint of ${zone} (StringNotEquals on aws:SourceVpce) in the policy of ${store.id}`;
  const open = [
    ...(isRead ? [] : [`not understood: a policy of ${store.id} is not known`]),
    ...(statements.some((one) => one.isOpenEffect)
      ? [`not understood: a statement in the policy of ${store.id} is not known`]
      : []),
    ...judged.filter(({ verdict }) => verdict === 'unknown').flatMap(({ because }) => because),
  ];
  if (open.length > 0) return { verdict: 'unknown', because: open, fix };
  const wrong = judged.find(({ verdict }) => verdict === 'violated');
  if (wrong) return { ...wrong, fix };
  return { verdict: 'violated', because: [reasonOf(store, statements)], fix };
}

function reasonOf(store: DataStore, statements: readonly PolicyStatement[]): string {
  if (isOpenToEveryone(store, statements)) return `${store.id} is open to everyone on the internet`;
  return `no policy of ${store.id} asks where a call comes from: whoever has credentials for it calls from anywhere that reaches AWS`;
}

/** Conditions of a bucket's policy that leave the rest to the policies of access points. */
const POINTS: ReadonlySet<string> = new Set(['s3:dataaccesspointaccount', 's3:dataaccesspointarn']);

function isOpenToEveryone(store: DataStore, statements: readonly PolicyStatement[]) {
  const { refusesEveryone, openToEveryone, openPoints = [] } = store;
  const lets = statements.some(
    ({ effect, isForAnyone, conditions }) =>
      effect === 'allow' && isForAnyone && conditions.every(({ key }) => openPoints.length > 0 && POINTS.has(key)),
  );
  return (lets && refusesEveryone === false) || openToEveryone === true;
}

/** Endpoints and VPCs that a denial leaves open; `undefined` values: not understood, for the reason. */
interface Gate {
  readonly sources?: readonly string[];
  readonly reason?: string;
  /** it lets services of AWS pass that call in their own name */
  readonly exceptsServices?: boolean;
}

/** Undefined where the denial is about something else. */
function gateOf(statement: PolicyStatement, store: DataStore): Gate | undefined {
  const telling = statement.conditions.filter((condition) => !exceptsAws(condition));
  if (!telling.some(({ key }) => SOURCES.has(key))) return undefined;
  if (statement.open !== undefined) return { reason: `a denial of which ${statement.open} is not known` };
  const isWhole =
    statement.isForAnyone && speaksOfAll(statement, actionPrefixOf(store.service)) && speaksOf(statement, store);
  if (!isWhole) return { reason: 'a denial that speaks of some actions, principals or resources only' };
  const sources: string[] = [];
  for (const { operator, key, values, quantifier } of telling) {
    const isPlain = PLAIN.has(operator) || (operator === 'stringnotlike' && !values?.some((one) => /[*?]/.test(one)));
    if (!SOURCES.has(key) || !isPlain || quantifier !== undefined)
      return { reason: `a denial under a condition on \`${key}\`` };
    if (!values) return { reason: `a denial that leaves open what is not known (\`${key}\`)` };
    sources.push(...values);
  }
  return { sources, exceptsServices: statement.conditions.some(exceptsServices) };
}

const PLAIN: ReadonlySet<string> = new Set(['stringnotequals', 'stringnotequalsignorecase']);
const SOURCES: ReadonlySet<string> = new Set(['aws:sourcevpce', 'aws:sourcevpc']);

/** A service that calls in its own name, as CloudFront does, and not in somebody's. */
function exceptsServices(condition: PolicyCondition): boolean {
  return exceptsAws(condition) && condition.key === 'aws:principalisawsservice';
}

/** Of all that is in it: the objects of a bucket, whatever their keys, and a table with its indexes. */
function speaksOf({ resources }: PolicyStatement, store: DataStore): boolean {
  if (resources.except) return false;
  if (resources.patterns.includes('*')) return true;
  const within = store.service === 's3' ? ['/*'] : store.indexed ? ['', '/index/*'] : [''];
  const whole = store.service === 's3' ? [] : ['/*'];
  const { patterns } = resources;
  return within.every((part) =>
    patterns.some((pattern) => [part, ...(part === '' ? [] : whole)].some((end) => isOwn(pattern, end, store))),
  );
}

function isOwn(pattern: PolicyText, end: string, { id, name }: DataStore): boolean {
  if (!pattern.endsWith(end)) return false;
  const text = pattern.slice(0, pattern.length - end.length);
  const own = [`\${${id}.Arn}`, ...(typeof name === 'string' ? [name] : []), `\${${id}}`];
  return own.some((one) => text === one || text.endsWith(`:${one}`) || text.endsWith(`/${one}`));
}

function judgeGate(
  { sources, reason, exceptsServices }: Gate,
  zone: string,
  store: DataStore,
  context: VerdictContext,
): Judged {
  if (!sources) return { verdict: 'unknown', because: [`not understood: the policy of ${store.id}: ${reason}`] };
  const placed = sources.map((source) => ({ source, zones: zonesBehind(source, context) }));
  const strange = placed.filter(({ zones }) => zones === undefined).map(({ source }) => source);
  const foreign = placed.flatMap(({ source, zones = [] }) =>
    zones.filter((other) => !isOwner(other, zone, store, context)).map((other) => `${shown(source)} is ${other}'s`),
  );
  if (foreign.length > 0)
    return { verdict: 'violated', because: foreign.map((one) => `${store.id} is open to another zone: ${one}`) };
  const perhaps = sources.flatMap((source) =>
    perhapsBehind(source, context)
      .filter((other) => !isOwner(other, zone, store, context))
      .map((other) => `not understood: ${other} may come by ${shown(source)}, which ${store.id} is open to`),
  );
  if (perhaps.length > 0) return { verdict: 'unknown', because: perhaps };
  if (strange.length > 0) {
    const because = strange.map((source) => `not understood: no template shows whose ${shown(source)} is`);
    return { verdict: 'unknown', because };
  }
  const served = exceptsServices ? servedBy(store) : undefined;
  if (served) return served;
  return {
    verdict: 'proved',
    because: [`the policy of ${store.id} denies what does not come by ${sources.map(shown).join(', ')}`],
  };
}

/**
 * Services that the policy lets read, where the denial excepts them: CloudFront hands on what it reads to whoever asks
 * (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html).
 */
function servedBy(store: DataStore): Judged | undefined {
  if (store.service !== 's3') return undefined;
  const reading = statementsIn(store).filter((one) => one.effect === 'allow' && mayRead(one));
  const services = reading.flatMap((one) => (one.isForAnyone ? [ANY_SERVICE] : (one.services ?? [ANY_SERVICE])));
  if (services.length === 0) return undefined;
  if (services.includes('cloudfront.amazonaws.com')) {
    const because = [`${store.id} lets CloudFront read, which hands it on to whoever asks on the internet`];
    return { verdict: 'violated', because };
  }
  const because = `not understood: ${store.id} lets ${[...new Set(services)].join(', ')} read, and on whose behalf is not known`;
  return { verdict: 'unknown', because: [because] };
}

const ANY_SERVICE = 'any service of AWS';

/** What AWS's logs, inventories and audits need gives nothing of what is in it away. */
const READS_NOTHING = /^s3:(?:put|getbucket|listbucket|abortmultipart|replicate|objectowneroverride)/;

function mayRead({ actions }: PolicyStatement): boolean {
  return actions.except || actions.patterns.some((pattern) => !READS_NOTHING.test(pattern.toLowerCase()));
}

/** The zone itself, or one that names the same resource. */
function isOwner(other: string, zone: string, store: DataStore, context: VerdictContext): boolean {
  return other === zone || isNamed(store, namedBy(other, store.service, context)) === 'yes';
}

function perhapsBehind(source: string, context: VerdictContext): readonly string[] {
  const endpoint = endpointOf(source, context);
  return endpoint ? perhapsServed(endpoint, context) : [];
}

function endpointOf(source: string, context: VerdictContext): VpcEndpoint | undefined {
  const id = idIn(source);
  return context.network.vpcEndpoints.find((one) => one.id === id && !one.external);
}

function idIn(source: string): string | undefined {
  return /^\$\{(.+?)(?:\.(?:Id|VpcId))?\}$/.exec(source)?.[1];
}

function zonesBehind(source: string, context: VerdictContext): readonly string[] | undefined {
  const id = idIn(source);
  const endpoint = endpointOf(source, context);
  if (endpoint) return zonesOfEndpoint(endpoint, context).all;
  const vpc = context.network.vpcs.find((one) => one.id === id && !one.external);
  if (!vpc) return undefined;
  return zonesOfVpcs([vpc.id], context.network, context.binding).filter(isDeclaredName);
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
              `no template shows the policy of ${service} ${resource}, which ${name} names: whom it lets in is not judged`,
          ),
      ),
    );
}
