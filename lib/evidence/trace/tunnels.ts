/** What the tunnels of VPN connections carry (SEMANTICS 28). */
import { isUnknown, type VpnConnection } from '../network';
import { block, type Context, doubt, type State } from './state';

/** The tunnels of a connection carry one family (https://docs.aws.amazon.com/vpn/latest/s2svpn/ipv4-ipv6.html). */
export function needFamily(context: Context, state: State, { id, carries }: VpnConnection): State {
  const { family } = state.packet.source;
  if (carries === undefined || carries === family) return state;
  const note = { location: `VPN connection ${id}`, resource: id };
  if (isUnknown(carries)) return doubt(context, state, 'vpn', { ...note, reason: carries.reason }, carries.parameters);
  return block(state, 'vpn', { ...note, reason: `the tunnels of VPN connection ${id} carry no IPv${family}` });
}
