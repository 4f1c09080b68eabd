/**
 * The narrowest mechanism that works, per conduit (DESIGN §3).
 */
import type { Diagnostic } from '../../base/diagnostics';
import type { Conduit, ConduitEnd, Mechanism, Zone, ZoneModel } from '../zones';
import type { ConduitPlan } from './network-plan';

/** Where one end of a conduit is, as far as mechanisms care. */
export type EndPlace =
  | { readonly kind: 'vpc'; readonly vpc: string; readonly zone: Zone }
  | { readonly kind: 'site'; readonly site: string; readonly connected: boolean; readonly zone: Zone }
  /** the internet, or named ranges on it */
  | { readonly kind: 'internet'; readonly zone?: Zone }
  /** CloudFormation that Cordon did not make */
  | { readonly kind: 'template'; readonly zone: Zone };

/** PrivateLink needs a listener per port; a load balancer has 50. Beyond a few ports a range is no longer narrow. */
export const WIDEST_ENDPOINT_RANGE = 16;

export function placeOf(model: ZoneModel, end: ConduitEnd): EndPlace | undefined {
  if (end.zone === 'internet') return { kind: 'internet' };
  const zone = model.zones.find((candidate) => candidate.name === end.zone);
  if (!zone) return undefined;
  const { placement } = zone;
  switch (placement.kind) {
    case 'vpc':
      return { kind: 'vpc', vpc: zone.name, zone };
    case 'shared-vpc':
      return { kind: 'vpc', vpc: placement.vpc, zone };
    case 'site': {
      const site = model.sites.find((candidate) => candidate.name === placement.site);
      return { kind: 'site', site: placement.site, connected: site?.connect === 'vpn' && !!site.gateway, zone };
    }
    case 'outside':
      return { kind: 'internet', zone };
    case 'template':
      return { kind: 'template', zone };
  }
}

export interface MechanismChoice {
  readonly plan: ConduitPlan;
  readonly from: EndPlace;
  readonly to: EndPlace;
  readonly diagnostics: readonly Diagnostic[];
}

const BUILT: readonly Mechanism[] = ['local', 'endpoint', 'transit', 'internet'];

/** Undefined where an end names no zone: the zone wing has said so already. */
export function chooseMechanism(model: ZoneModel, conduit: Conduit): MechanismChoice | undefined {
  const from = placeOf(model, conduit.from);
  const to = placeOf(model, conduit.to);
  if (!from || !to) return undefined;
  const choice = narrowest(conduit, from, to);
  const plan = { name: conduit.name, source: conduit.source, mechanism: choice.mechanism, because: choice.because };
  return { plan, from, to, diagnostics: choice.diagnostic ? [choice.diagnostic] : [] };
}

interface Choice {
  readonly mechanism: Mechanism | 'none';
  readonly because: string;
  readonly diagnostic?: Diagnostic;
}

function narrowest(conduit: Conduit, from: EndPlace, to: EndPlace): Choice {
  const possible = possibleMechanisms(conduit, from, to);
  const first = possible[0];
  if (!conduit.via || (first && first.mechanism === 'none')) return first ?? unavailable(conduit, from, to);
  const asked = possible.find((choice) => choice.mechanism === conduit.via);
  if (asked) return { ...asked, because: `the zone file says via ${conduit.via}` };
  return BUILT.includes(conduit.via) ? unfit(conduit, possible) : unavailable(conduit, from, to);
}

/** Narrowest first. */
function possibleMechanisms(conduit: Conduit, from: EndPlace, to: EndPlace): Choice[] {
  const pair = `${from.kind}>${to.kind}`;
  if (from.kind === 'template' || to.kind === 'template') {
    return [{ mechanism: 'none', because: 'one end is CloudFormation that Cordon did not make' }];
  }
  switch (pair) {
    case 'vpc>vpc':
      return betweenVpcs(conduit, from, to);
    case 'site>vpc':
    case 'vpc>site':
      return isConnected(from) && isConnected(to)
        ? [{ mechanism: 'transit', because: 'one end is at a site, reached over its VPN' }]
        : [];
    case 'internet>vpc':
      return [{ mechanism: 'internet', because: 'taken in by a public load balancer in front of the asset' }];
    case 'vpc>internet':
      return [];
    default:
      return [{ mechanism: 'none', because: 'neither end is in AWS' }];
  }
}

function betweenVpcs(conduit: Conduit, from: EndPlace, to: EndPlace): Choice[] {
  if (from.kind === 'vpc' && to.kind === 'vpc' && from.vpc === to.vpc) {
    return [{ mechanism: 'local', because: 'both ends share a VPC' }];
  }
  const traffic = conduit.channels.flatMap((channel) => channel.traffic);
  const other = traffic.find((part) => part.protocol !== 'tcp');
  const wide = traffic.find((part) => part.ports && part.ports.to - part.ports.from >= WIDEST_ENDPOINT_RANGE);
  const endpoint: Choice = { mechanism: 'endpoint', because: 'tcp between two VPCs needs no route between them' };
  const transit = (because: string): Choice => ({ mechanism: 'transit', because });
  if (other) return [transit(`carries ${other.protocol}, which PrivateLink does not`)];
  if (wide) return [transit('carries a range of ports too wide for the listeners of a load balancer')];
  return [endpoint, transit('two VPCs can be joined by a route')];
}

function isConnected(place: EndPlace): boolean {
  return place.kind !== 'site' || place.connected;
}

function unavailable(conduit: Conduit, from: EndPlace, to: EndPlace): Choice {
  const unconnected = [from, to].find((place) => place.kind === 'site' && !place.connected);
  const diagnostic: Diagnostic =
    unconnected?.kind === 'site'
      ? {
          code: 'PLAN_SITE_NOT_CONNECTED',
          severity: 'error',
          message: `conduit \`${conduit.name}\` crosses to site \`${unconnected.site}\`, which has no connection to AWS`,
          help: `give the site \`connect: vpn\` and a gateway, or remove the conduit`,
          span: conduit.source,
        }
      : {
          code: 'PLAN_MECHANISM_UNAVAILABLE',
          severity: 'error',
          message: `conduit \`${conduit.name}\` needs ${conduit.via ? `\`${conduit.via}\`` : 'inspected egress'} between ${describe(from)} and ${describe(to)}, which Cordon does not build yet`,
          help:
            from.kind === 'vpc' && to.kind === 'internet'
              ? 'use `awsServices` for AWS APIs, or let the other side open the connection to a gate'
              : `leave \`via\` out and the narrowest mechanism that works is taken`,
          span: conduit.source,
        };
  return { mechanism: 'none', because: 'no mechanism that works', diagnostic };
}

function unfit(conduit: Conduit, possible: readonly Choice[]): Choice {
  const names = possible.map((choice) => `\`${choice.mechanism}\``).join(' or ');
  return {
    mechanism: 'none',
    because: 'no mechanism that works',
    diagnostic: {
      code: 'PLAN_MECHANISM_UNFIT',
      severity: 'error',
      message: `conduit \`${conduit.name}\` cannot cross via \`${conduit.via}\``,
      help: names ? `use via ${names}, or leave \`via\` out` : 'no mechanism joins these two ends',
      span: conduit.source,
    },
  };
}

function describe(place: EndPlace): string {
  switch (place.kind) {
    case 'internet':
      return place.zone ? `\`${place.zone.name}\` on the internet` : 'the internet';
    case 'site':
      return `site \`${place.site}\``;
    case 'vpc':
      return `VPC \`${place.vpc}\``;
    case 'template':
      return `\`${place.zone.name}\``;
  }
}
