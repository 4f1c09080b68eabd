/**
 * Small estates for the claims: two VPCs, peered or not, bound to zones by name. Each test changes one thing.
 */
import type { NetworkModel } from '../../lib/evidence/network';
import { readEstate, type ZoneModel } from '../../lib/intent/zones';
import { type Claim, type Evidence, gatherEvidence, type VerifyResult, verifyEstate } from '../../lib/verdict';
import { NetworkBuilder } from '../fixtures/network-builder';

export const AS_OF = '2026-11-23';

/** Two zones: `guest` in a VPC of its own, `ehr` with the assets `app` and `database` in another. */
export const TWO_ZONES = `
cordon: 1
estate: clinic
region: eu-west-2
zones:
  guest:
    purpose: Visitors' phones
    at: { template: { vpcs: [Guest] } }
    trust: untrusted
    data: none
  ehr:
    purpose: The chart
    at: { template: { vpcs: [Ehr] } }
    trust: trusted
    data: internal
    assets:
      app: { serves: [https], template: { subnets: [AppSubnet], securityGroups: [AppGroup] } }
      database: { serves: [postgres], from: [app], template: { subnets: [DatabaseSubnet], securityGroups: [DatabaseGroup] } }
`;

export const GOVERNED =
  'why: Someone needs it, who: Staff, owner: Platform, approved: { by: [Board], on: 2026-10-01 }, review: 2027-06-01';

export function conduits(...entries: string[]): string {
  return ['conduits:', ...entries.map((entry) => `  ${entry}`), ''].join('\n');
}

export const GUEST_TO_APP = `guest-to-app: { from: guest, to: ehr/app, allow: [https], ${GOVERNED} }`;

export interface Options {
  /** ingress of the application's and the database's group */
  readonly app?: readonly string[];
  readonly database?: readonly string[];
  /** routes of the two VPCs' tables; peered both ways unless said */
  readonly guestRoutes?: readonly string[];
  readonly ehrRoutes?: readonly string[];
  readonly ehrAcl?: readonly string[];
}

const OWN = ['tcp 5432 from sg:AppGroup'];

/** The network of `TWO_ZONES`: peered, and shut by its groups. */
export function twoVpcs(options: Options = {}): NetworkBuilder {
  const builder = new NetworkBuilder()
    .vpc('Guest', '10.1.0.0/16')
    .vpc('Ehr', '10.2.0.0/16')
    .table('GuestTable', 'Guest', options.guestRoutes ?? ['10.2.0.0/16 -> pcx:Peering'])
    .table('EhrTable', 'Ehr', options.ehrRoutes ?? ['10.1.0.0/16 -> pcx:Peering'])
    .peering('Peering', 'Guest', 'Ehr');
  if (options.ehrAcl) builder.acl('EhrAcl', 'Ehr', options.ehrAcl);
  const inEhr = { table: 'EhrTable', ...(options.ehrAcl ? { acl: 'EhrAcl' } : {}) };
  return builder
    .subnet('GuestSubnet', 'Guest', '10.1.0.0/24', { table: 'GuestTable' })
    .subnet('AppSubnet', 'Ehr', '10.2.0.0/24', inEhr)
    .subnet('DatabaseSubnet', 'Ehr', '10.2.1.0/24', inEhr)
    .group('GuestGroup', 'Guest')
    .group('AppGroup', 'Ehr', options.app ?? [])
    .group('DatabaseGroup', 'Ehr', options.database ?? OWN, []);
}

export function modelOf(text: string): ZoneModel {
  const { model, diagnostics } = readEstate([{ file: 'clinic.yaml', text }], { today: AS_OF });
  if (!model) throw new Error(diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n'));
  return model;
}

export function verify(text: string, network: NetworkModel, change: Partial<Evidence> = {}): VerifyResult {
  const evidence = { ...gatherEvidence(network), ...change };
  return verifyEstate({ model: modelOf(text), network, evidence, asOf: AS_OF });
}

export function claim(result: VerifyResult, id: string): Claim {
  const found = result.claims.find((each) => each.id === id);
  if (!found) throw new Error(`no claim \`${id}\` among ${result.claims.map((each) => each.id).join(', ')}`);
  return found;
}
