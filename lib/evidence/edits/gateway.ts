/** An internet or VPN gateway that nothing attaches, though a VPC's table routes to it: a route that leads nowhere yet. */
import { type InternetGateway, type NetworkModel, type ResourceId, unknown, type VpnGateway } from '../network';
import { changed, EditBook, type Lift } from './edit';

export function liftAttachments(network: NetworkModel): Lift | undefined {
  const book = new EditBook('gateway');
  const routing = new Map<ResourceId, Set<ResourceId>>();
  for (const { vpc, routes } of network.routeTables) {
    for (const { target } of routes) {
      if (target.kind !== 'internet-gateway' && target.kind !== 'vpn-gateway') continue;
      routing.set(target.id, (routing.get(target.id) ?? new Set()).add(vpc));
    }
  }
  const open = <T extends InternetGateway | VpnGateway>(gateway: T, attach: (vpc: ResourceId) => Attach): T => {
    const vpcs = routing.get(gateway.id);
    if (gateway.vpc !== undefined || gateway.external || !gateway.certain || !vpcs) return gateway;
    const name = `attachment of ${gateway.id}`;
    for (const vpc of vpcs) book.addUnder(name, gateway.id, `an attachment to VPC ${vpc}`, attach(vpc));
    return { ...gateway, vpc: unknown(name) };
  };
  const internetGateways = network.internetGateways.map((gateway) =>
    open(gateway, (vpc) => (given) => ({
      ...given,
      internetGateways: changed(given.internetGateways, gateway.id, (noun) => ({ ...noun, vpc })),
    })),
  );
  const vpnGateways = network.vpnGateways.map((gateway) =>
    open(gateway, (vpc) => (given) => ({
      ...given,
      vpnGateways: changed(given.vpnGateways, gateway.id, (noun) => ({ ...noun, vpc })),
    })),
  );
  return book.isEmpty ? undefined : book.lift({ ...network, internetGateways, vpnGateways });
}

type Attach = (network: NetworkModel) => NetworkModel;
