/**
 * Regional NAT gateways stand in no subnet: AWS keeps them beside the VPC, with a route table of their own that leads to the
 * VPC's internet gateway, and no network ACL
 * (https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html). A place of their own stands for that, with
 * addresses that no VPC can have. They serve the zones that they are given addresses in, and where they are given none, all.
 */
import { parsePrefix } from '../../../base/net';
import { isUnknown, type ResourceId, unknown } from '../../network';
import type { DraftNouns } from './drafts';
import { at, itemsOf, plainText, textOf } from './property';
import type { Reading } from './reading';

const EVERYTHING = parsePrefix('0.0.0.0/0');
/** 169.254.16.0 and up, 16 addresses each: link-local ranges that AWS uses for nothing else in a VPC. */
const FIRST_PLACE = 256;

/** Runs when internet gateways are attached. */
export function settleRegionalNatGateways(reading: Reading): void {
  const regional = reading
    .ofType('AWS::EC2::NatGateway')
    .filter(({ properties }) => plainText(at(properties, 'AvailabilityMode')) === 'regional');
  for (const [number, { id, properties }] of regional.entries()) {
    const nat = reading.get('natGateways', id);
    const subnet = nat && reading.get('subnets', nat.subnet);
    if (!nat || !subnet?.external || reading.get('vpcs', subnet.vpc)?.external !== undefined) continue;
    const zones = itemsOf(at(properties, 'AvailabilityZoneAddresses')).map(
      ({ value }) => textOf(at(value, 'AvailabilityZone')) ?? unknown('which zone an id means hangs on the account'),
    );
    if (zones.length > 0) nat.zones = zones;
    // Where a table of AWS's own leads to which someone adds routes is not worked out.
    if (!addsRoutes(id, reading)) place(subnet, number, reading);
  }
}

function place(subnet: DraftNouns['subnets'], number: number, reading: Reading): void {
  const { id, origin, vpc } = subnet;
  const gateways = [...reading.drafts.internetGateways.values()];
  if (gateways.some((gateway) => gateway.vpc !== undefined && isUnknown(gateway.vpc))) return;
  const block = FIRST_PLACE + number;
  subnet.cidrs = [parsePrefix(`169.254.${(block >> 4) & 255}.${(block & 15) << 4}/28`)];
  subnet.routeTable = `${id}#route-table`;
  subnet.networkAcl = `${id}#network-acl`;
  subnet.autoPublicIpv4 = false;
  subnet.autoIpv6 = false;
  const routes = gateways
    .filter((gateway) => gateway.vpc === vpc)
    .map((gateway) => ({
      origin,
      certain: gateway.certain,
      destination: EVERYTHING,
      target: { kind: 'internet-gateway' as const, id: gateway.id },
    }));
  reading.add('routeTables', {
    ...{ id: `${id}#route-table`, origin, certain: true, vpc, main: false, routes, propagatingGateways: [] },
  });
  const entries = (['ingress', 'egress'] as const).map((direction) => ({
    ...{ origin, certain: true, number: 100, direction, action: 'allow' as const },
    ...{ traffic: { protocol: 'all' as const }, cidr: EVERYTHING },
  }));
  reading.add('networkAcls', { id: `${id}#network-acl`, origin, certain: true, vpc, isDefault: true, entries });
}

/** Whether a route is put into the table of its own. */
function addsRoutes(id: ResourceId, reading: Reading): boolean {
  return [...reading.drafts.routeTables.keys()].some((table) => table.startsWith(`${id}.RouteTableId`));
}
